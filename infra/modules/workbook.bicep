// The state of Seatflow on one page of the portal. Each panel's query stands in a file of its own in panels/.
param location string
param tags object
param insightsId string

var panels = [
  { title: 'Changes, by what became of them', chart: 'timechart', query: loadTextContent('../panels/changes.kql') }
  { title: 'From the decision until the license was seen, in seconds', chart: 'table', query: loadTextContent('../panels/latency.kql') }
  { title: 'Plans, by what became of them', chart: 'timechart', query: loadTextContent('../panels/plans.kql') }
  { title: 'People, by bundle: entitled, holding, waiting, leaving, with a change on its way', chart: 'table', query: loadTextContent('../panels/bundles.kql') }
  { title: 'Waiting for a seat, by bundle', chart: 'timechart', query: loadTextContent('../panels/waiting.kql') }
  { title: 'Seats of each product: bought, consumed, free, and people short of one', chart: 'table', query: loadTextContent('../panels/seats.kql') }
  { title: 'People in the inventory', chart: 'timechart', query: loadTextContent('../panels/inventory.kql') }
  { title: 'Inventories: age in seconds, and whether the last read was complete', chart: 'table', query: loadTextContent('../panels/inventory_age.kql') }
  { title: 'Messages that are due, by queue', chart: 'timechart', query: loadTextContent('../panels/queues.kql') }
  { title: 'How long the oldest of them has been due, in seconds', chart: 'timechart', query: loadTextContent('../panels/queue_age.kql') }
  { title: 'Graph: requests, resource units, refused requests', chart: 'timechart', query: loadTextContent('../panels/graph.kql') }
  { title: 'How full Graph says its quotas are, in percent, above 80', chart: 'timechart', query: loadTextContent('../panels/throttle.kql') }
  { title: 'Changes that notifications should have told of, and those that nobody told of', chart: 'timechart', query: loadTextContent('../panels/notifications.kql') }
  { title: 'From a change until Graph told of it, in seconds', chart: 'timechart', query: loadTextContent('../panels/notification_lag.kql') }
  { title: 'What each piece of work takes: seconds, requests to Graph, resource units', chart: 'table', query: loadTextContent('../panels/cost.kql') }
  { title: 'Work that failed', chart: 'timechart', query: loadTextContent('../panels/failed_work.kql') }
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
