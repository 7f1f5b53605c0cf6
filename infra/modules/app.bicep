// The functions app on Flex Consumption, with its settings. No connection string and no key is among them.
param name string
param location string
param tags object
param mode string
param identityId string
param identityClientId string
param storageName string
param serviceBusHost string
param insightsConnection string
param workspaceId string

@description('Empty: the app is in no virtual network.')
param subnetId string

@description('MB.')
param instanceMemory int
param mostInstances int
param alwaysReady int

@allowed(['none', 'easy-auth'])
param signIn string
param snapshotRetention string
param clientCertificateRoles string
param clientCertificateAuthorities string
param clientCertificateRevocations string

resource account 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: storageName
}

resource plan 'Microsoft.Web/serverfarms@2024-11-01' = {
  // checkov:skip=CKV_AZURE_225: zone redundancy needs two instances that always stand ready; work that is cut off is done again
  name: 'plan-${name}'
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: { reserved: true }
}

resource site 'Microsoft.Web/sites@2024-11-01' = {
  // checkov:skip=CKV_AZURE_78: Flex Consumption has no FTP, and takes no setting for it
  // checkov:skip=CKV_AZURE_222: Graph has to reach the webhooks
  // checkov:skip=CKV_AZURE_17: Graph and people have no certificate
  // checkov:skip=CKV_AZURE_212: Flex Consumption scales from zero
  // checkov:skip=CKV_AZURE_213: Flex Consumption replaces ill instances by itself
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': 'app' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identityId}': {} }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    publicNetworkAccess: 'Enabled'
    // Optional: Graph and people have none. With exclusion paths instead, TLS would be renegotiated.
    clientCertEnabled: !empty(clientCertificateRoles)
    clientCertMode: 'Optional'
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      http20Enabled: true
      remoteDebuggingEnabled: false
    }
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${account.properties.primaryEndpoints.blob}deployments'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      runtime: { name: 'python', version: '3.13' }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemory
        maximumInstanceCount: mostInstances
        alwaysReady: alwaysReady > 0 ? [{ name: 'http', instanceCount: alwaysReady }] : []
      }
    }
  }
}

// Each is described in docs/settings.md.
resource settings 'Microsoft.Web/sites/config@2024-11-01' = {
  // These checks read the app's own settings as if they were those of a web site.
  // checkov:skip=CKV_AZURE_13: see sign_in.bicep
  // checkov:skip=CKV_AZURE_63: requests are in Application Insights
  // checkov:skip=CKV_AZURE_65: answers carry their own sentences
  // checkov:skip=CKV_AZURE_66: failures are in Application Insights
  // checkov:skip=CKV_AZURE_80: it runs Python
  // checkov:skip=CKV_AZURE_88: nothing is mounted
  // checkov:skip=CKV_AZURE_222: see the site above
  parent: site
  name: 'appsettings'
  properties: {
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
    APPLICATIONINSIGHTS_CONNECTION_STRING: insightsConnection
    APPLICATIONINSIGHTS_CONTROLPLANE_DISABLED: 'true'
    APPLICATIONINSIGHTS_OPENTELEMETRY_RESOURCE_METRIC_DISABLED: 'true'
    APPLICATIONINSIGHTS_SDKSTATS_DISABLED: 'true'
    APPLICATIONINSIGHTS_STATSBEAT_DISABLED_ALL: 'true'
    AZURE_CLIENT_ID: identityClientId
    AZURE_TENANT_ID: tenant().tenantId
    AzureWebJobsStorage__accountName: storageName
    AzureWebJobsStorage__clientId: identityClientId
    AzureWebJobsStorage__credential: 'managedidentity'
    CATALOG_URL: ''
    CLIENT_CERTIFICATE_AUTHORITIES: clientCertificateAuthorities
    CLIENT_CERTIFICATE_REVOCATIONS: clientCertificateRevocations
    CLIENT_CERTIFICATE_ROLES: clientCertificateRoles
    COMPILE_SCHEDULE: '30 */5 * * * *'
    CONFIRM_SCHEDULE: '*/30 * * * * *'
    CREDENTIAL: 'identity'
    DEAD_LETTERS_SCHEDULE: '45 */5 * * * *'
    FULFILLMENT_QUEUE: 'fulfillment'
    INVENTORY_ASSIGNMENTS: 'on'
    INVENTORY_ASSIGNMENTS_SCHEDULE: '5 */10 * * * *'
    INVENTORY_CATALOG: 'on'
    INVENTORY_CATALOG_SCHEDULE: '10 */10 * * * *'
    INVENTORY_DELETED: 'off'
    INVENTORY_DELETED_SCHEDULE: '15 */10 * * * *'
    INVENTORY_DOMAINS: 'on'
    INVENTORY_DOMAINS_SCHEDULE: '20 */10 * * * *'
    INVENTORY_ORGANIZATION: 'off'
    INVENTORY_ORGANIZATION_SCHEDULE: '25 */10 * * * *'
    INVENTORY_OUT_OF_OFFICE: 'off'
    INVENTORY_OUT_OF_OFFICE_SCHEDULE: '50 */10 * * * *'
    INVENTORY_OWNERS: 'on'
    INVENTORY_OWNERS_SCHEDULE: '30 */10 * * * *'
    INVENTORY_SCHEDULE: '0 */5 * * * *'
    INVENTORY_SIGN_INS: 'off'
    INVENTORY_SIGN_INS_SCHEDULE: '35 */10 * * * *'
    INVENTORY_SUBSCRIPTIONS: 'off'
    INVENTORY_SUBSCRIPTIONS_SCHEDULE: '40 */10 * * * *'
    INVENTORY_USAGE: 'off'
    INVENTORY_USAGE_SCHEDULE: '45 */10 * * * *'
    MODE: mode
    PUBLIC_URL: 'https://${site.properties.defaultHostName}'
    // With telemetryMode in host.json: the worker goes on with the host's traces, and the app sends what it tells.
    PYTHON_ENABLE_OPENTELEMETRY: 'true'
    RECOMPILE_QUEUE: 'recompile'
    RENEW_WATCHES_SCHEDULE: '0 0 */6 * * *'
    ServiceBus__clientId: identityClientId
    ServiceBus__credential: 'managedidentity'
    ServiceBus__fullyQualifiedNamespace: serviceBusHost
    SIGN_IN: signIn
    SNAPSHOT_RETENTION: snapshotRetention
    STORAGE_BLOBS_URL: 'https://${storageName}.blob.${environment().suffixes.storage}'
    STORAGE_TABLES_URL: 'https://${storageName}.table.${environment().suffixes.storage}'
    SWEEP_SCHEDULE: '15 * * * * *'
  }
}

// Passwords for publishing are off; Core Tools, azd and pipelines publish with an Entra token.
resource ftp 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-11-01' = {
  parent: site
  name: 'ftp'
  properties: { allow: false }
}

resource scm 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-11-01' = {
  parent: site
  name: 'scm'
  properties: { allow: false }
}

resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'app'
  scope: site
  properties: {
    workspaceId: workspaceId
    logs: [{ category: 'FunctionAppLogs', enabled: true }]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

output name string = site.name
output url string = 'https://${site.properties.defaultHostName}'
