// The state of Seatflow on one page of the portal. Each panel's query stands in a file of its own in panels/.
param location string
param tags object
param insightsId string

var panels = [
  { title: 'Changes, by what became of them', chart: 'timechart', query: loadTextContent('../panels/changes.kql') }
  { title: 'Plans, by what became of them', chart: 'timechart', query: loadTextContent('../panels/plans.kql') }
  { title: 'Waiting for a seat, by bundle', chart: 'timechart', query: loadTextContent('../panels/waiting.kql') }
  { title: 'People in the inventory', chart: 'timechart', query: loadTextContent('../panels/inventory.kql') }
  { title: 'Change notifications', chart: 'timechart', query: loadTextContent('../panels/notifications.kql') }
  { title: 'Members changed by someone else\'s hand', chart: 'table', query: loadTextContent('../panels/drift.kql') }
  { title: 'Functions: calls, failures, and the slow twentieth in milliseconds', chart: 'table', query: loadTextContent('../panels/functions.kql') }
]

// Source: Azure Monitor docs, workbooks: a query item has type 3.
var items = [for (panel, i) in panels: {
  type: 3
  name: 'panel-${i}'
  content: {
    version: 'KqlItem/1.0'
    title: panel.title
    query: panel.query
    visualization: panel.chart
    size: 0
    queryType: 0
    resourceType: 'microsoft.insights/components'
    timeContext: { durationMs: 86400000 }
  }
}]

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(insightsId, 'seatflow')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'Seatflow'
    category: 'workbook'
    sourceId: toLower(insightsId)
    serializedData: string({ version: 'Notebook/1.0', items: items })
  }
}
