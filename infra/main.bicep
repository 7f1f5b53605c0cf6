// Seatflow in one resource group. `azd up` and `az deployment sub create` both start here.
targetScope = 'subscription'

@description('Names everything: the resource group is rg-<name>, and each resource ends in a token made of it.')
@minLength(2)
@maxLength(32)
param environmentName string

@description('The region; it has to offer Flex Consumption.')
param location string

@description('dry-run: everything is computed and shown, and no write reaches the tenant. Switch to live when the plans look right.')
@allowed(['dry-run', 'live'])
param mode string = 'dry-run'

@description('The client id of the app registration that people and pipelines sign in with. Empty: nobody can sign in.')
param signInClientId string = ''

@description('Which machine may do what with a client certificate, as docs/settings.md says. Empty: no certificate is taken.')
param clientCertificateRoles string = ''

@description('The certificates of the authorities that machines\' certificates come from, as PEM. They are public.')
param clientCertificateAuthorities string = ''

@description('The revocation lists of these authorities, as PEM. Empty: nothing is looked up.')
param clientCertificateRevocations string = ''

@description('Who gets the alerts by mail. Empty: alerts are shown in the portal only.')
param alertAddress string = ''

@description('Reach storage and Service Bus over private endpoints only. Takes Service Bus Premium, which costs some 670 USD a month.')
param privateNetworking bool = false

@description('Memory of an instance in MB. A tenant of 1,000,000 people needs 2048.')
@allowed([512, 2048, 4096])
param instanceMemory int = 2048

@description('How many instances there may be at once. Graph takes 20 writes a second, so more than a few do not help.')
@minValue(40)
@maxValue(1000)
param mostInstances int = 40

@description('Instances that always stand ready for notifications of Graph and for people. 0 is the cheapest; Graph sends again what a cold start answers too late.')
@minValue(0)
@maxValue(10)
param alwaysReady int = 0

@description('Days that logs are kept.')
@minValue(30)
@maxValue(730)
param logRetention int = 30

@description('Which past snapshots stay, as docs/inventory.md says: all of so long, then the last of each hour, day, week, month or year for so long. The longer, the more storage.')
param snapshotRetention string = 'all:2h hourly:2d daily:30d monthly:365d'

var token = toLower(uniqueString(subscription().id, environmentName, location))
var tags = { 'azd-env-name': environmentName }

resource group 'Microsoft.Resources/resourceGroups@2024-03-01' = {
  name: 'rg-${environmentName}'
  location: location
  tags: tags
}

module identity 'modules/identity.bicep' = {
  name: 'identity'
  scope: group
  params: {
    name: 'id-seatflow-${token}'
    location: location
    tags: tags
  }
}

module monitoring 'modules/monitoring.bicep' = {
  name: 'monitoring'
  scope: group
  params: {
    token: token
    location: location
    tags: tags
    retention: logRetention
  }
}

module storage 'modules/storage.bicep' = {
  name: 'storage'
  scope: group
  params: {
    name: 'st${token}'
    location: location
    tags: tags
    isPrivate: privateNetworking
    workspaceId: monitoring.outputs.workspaceId
  }
}

module serviceBus 'modules/service_bus.bicep' = {
  name: 'service-bus'
  scope: group
  params: {
    name: 'sb-seatflow-${token}'
    location: location
    tags: tags
    isPrivate: privateNetworking
    workspaceId: monitoring.outputs.workspaceId
  }
}

module roles 'modules/roles.bicep' = {
  name: 'roles'
  scope: group
  params: {
    principalId: identity.outputs.principalId
    storageName: storage.outputs.name
    serviceBusName: serviceBus.outputs.name
    insightsName: monitoring.outputs.insightsName
  }
}

module network 'modules/network.bicep' = if (privateNetworking) {
  name: 'network'
  scope: group
  params: {
    token: token
    location: location
    tags: tags
    storageId: storage.outputs.id
    serviceBusId: serviceBus.outputs.id
  }
}

module app 'modules/app.bicep' = {
  name: 'app'
  scope: group
  params: {
    name: 'func-seatflow-${token}'
    location: location
    tags: tags
    mode: mode
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    storageName: storage.outputs.name
    serviceBusHost: serviceBus.outputs.host
    insightsConnection: monitoring.outputs.insightsConnection
    workspaceId: monitoring.outputs.workspaceId
    subnetId: privateNetworking ? network!.outputs.appSubnetId : ''
    instanceMemory: instanceMemory
    mostInstances: mostInstances
    alwaysReady: alwaysReady
    snapshotRetention: snapshotRetention
    signIn: empty(signInClientId) ? 'none' : 'easy-auth'
    clientCertificateRoles: clientCertificateRoles
    clientCertificateAuthorities: clientCertificateAuthorities
    clientCertificateRevocations: clientCertificateRevocations
  }
  // The app reads its package from storage at its first start.
  dependsOn: [roles]
}

module signIn 'modules/sign_in.bicep' = {
  name: 'sign-in'
  scope: group
  params: {
    siteName: app.outputs.name
    clientId: signInClientId
    takesCertificates: !empty(clientCertificateRoles)
  }
}

module alerts 'modules/alerts.bicep' = {
  name: 'alerts'
  scope: group
  params: {
    token: token
    location: location
    tags: tags
    address: alertAddress
    insightsId: monitoring.outputs.insightsId
  }
}

module workbook 'modules/workbook.bicep' = {
  name: 'workbook'
  scope: group
  params: {
    location: location
    tags: tags
    insightsId: monitoring.outputs.insightsId
  }
}

output AZURE_RESOURCE_GROUP string = group.name
output AZURE_FUNCTION_NAME string = app.outputs.name
output SEATFLOW_URL string = app.outputs.url
output SEATFLOW_IDENTITY string = identity.outputs.principalId
