// What somebody should look at. Each query stands in a file of its own in alerts/, and is tested to name only
// what the app really tells, and to be told on a bad day.
param token string
param location string
param tags object
param insightsId string

@description('A mail address. Empty: alerts are shown in the portal only.')
param address string

// Severity: 1 error, 2 warning, 3 for information. The threshold counts rows; stale-inventory is told by silence.
var rules = [
  {
    name: 'held-plan'
    title: 'A plan is held and waits for a person'
    severity: 2
    query: loadTextContent('../alerts/held_plan.kql')
    window: 'PT15M'
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'dead-letter'
    title: 'A message could not be handled'
    severity: 1
    query: loadTextContent('../alerts/dead_letter.kql')
    window: 'PT15M'
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'stale-inventory'
    title: 'No inventory was younger than an hour, or nothing was heard of any'
    severity: 1
    query: loadTextContent('../alerts/stale_inventory.kql')
    window: 'PT1H'
    operator: 'LessThan'
    threshold: 1
  }
  {
    name: 'seats-short'
    title: 'Somebody waits for a seat'
    severity: 3
    query: loadTextContent('../alerts/seats_short.kql')
    window: 'PT30M'
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'failed-run'
    title: 'A run that somebody asked for failed'
    severity: 2
    query: loadTextContent('../alerts/failed_run.kql')
    window: 'PT15M'
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'error-rate'
    title: 'More than a tenth of all calls fail'
    severity: 1
    query: loadTextContent('../alerts/error_rate.kql')
    window: 'PT30M'
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'missed-notifications'
    title: 'Graph does not tell of more than one change in twenty'
    severity: 3
    query: loadTextContent('../alerts/missed_notifications.kql')
    window: 'PT1H'
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'watch-expiring'
    title: 'A change subscription has less than a week left'
    severity: 2
    query: loadTextContent('../alerts/watch_expiring.kql')
    window: 'PT1H'
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'throttling'
    title: 'Graph refused more than a hundred requests within an hour'
    severity: 3
    query: loadTextContent('../alerts/throttling.kql')
    window: 'PT1H'
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'refused-changes'
    title: 'More than ten changes of a bundle came to nothing within an hour'
    severity: 2
    query: loadTextContent('../alerts/refused_changes.kql')
    window: 'PT1H'
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'foreign-notifications'
    title: 'Somebody who is not Graph sends notifications'
    severity: 2
    query: loadTextContent('../alerts/foreign_notifications.kql')
    window: 'PT1H'
    operator: 'GreaterThan'
    threshold: 0
  }
]

resource people 'Microsoft.Insights/actionGroups@2023-01-01' = if (!empty(address)) {
  name: 'ag-seatflow-${token}'
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'seatflow'
    enabled: true
    emailReceivers: [
      {
        name: 'operators'
        emailAddress: address
        useCommonAlertSchema: true
      }
    ]
  }
}

resource alerts 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [for rule in rules: {
  name: 'seatflow-${rule.name}-${token}'
  location: location
  tags: tags
  kind: 'LogAlert'
  properties: {
    displayName: rule.title
    description: 'What to do: docs/troubleshooting.md'
    enabled: true
    severity: rule.severity
    scopes: [insightsId]
    evaluationFrequency: 'PT15M'
    windowSize: rule.window
    autoMitigate: true
    criteria: {
      allOf: [
        {
          query: rule.query
          timeAggregation: 'Count'
          operator: rule.operator
          threshold: rule.threshold
          failingPeriods: {
            numberOfEvaluationPeriods: 1
            minFailingPeriodsToAlert: 1
          }
        }
      ]
    }
    actions: { actionGroups: empty(address) ? [] : [people.id] }
  }
}]
