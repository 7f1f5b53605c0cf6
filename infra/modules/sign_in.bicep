// Easy Auth: people and pipelines sign in with Entra, and the app is told who they are and which roles they have.
// There is no client secret: calls come with a token, and nobody is sent to a sign-in page.
param siteName string

@description('Of the app registration. Empty: Easy Auth stays off, and the app believes none of its headers.')
param clientId string

@description('Let through whoever has no token: the app then looks at the client certificate itself.')
param takesCertificates bool

// Graph cannot sign in; each of these has a check of its own, or nothing to tell.
var open = [
  '/api/graph/lifecycle'
  '/api/graph/notifications'
  '/api/health'
  '/api/health/ready'
]

resource site 'Microsoft.Web/sites@2024-11-01' existing = {
  name: siteName
}

resource signIn 'Microsoft.Web/sites/config@2024-11-01' = {
  // checkov:skip=CKV_AZURE_222: Graph has to reach the webhooks
  // checkov:skip=CKV_AZURE_80: it runs Python
  // checkov:skip=CKV_AZURE_88: nothing is mounted
  // checkov:skip=CKV_AZURE_63: requests are in Application Insights
  // checkov:skip=CKV_AZURE_65: answers carry their own sentences
  // checkov:skip=CKV_AZURE_66: failures are in Application Insights
  // checkov:skip=CKV_AZURE_13: this is it
  parent: site
  name: 'authsettingsV2'
  properties: {
    platform: { enabled: !empty(clientId) }
    httpSettings: { requireHttps: true }
    globalValidation: {
      requireAuthentication: !takesCertificates
      unauthenticatedClientAction: takesCertificates ? 'AllowAnonymous' : 'Return401'
      excludedPaths: open
    }
    identityProviders: {
      azureActiveDirectory: {
        enabled: true
        registration: {
          clientId: clientId
          openIdIssuer: '${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'
        }
        validation: { allowedAudiences: [clientId, 'api://${clientId}'] }
      }
    }
    login: { tokenStore: { enabled: false } }
  }
}
