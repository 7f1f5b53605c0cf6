"""Settings that the Functions host reads, and the app itself does not."""

HOSTS = {
    "AzureWebJobsStorage": "the host's own storage, on one machine",
    "AzureWebJobsStorage__accountName": "the host's own storage, for its locks",
    "AzureWebJobsStorage__clientId": "the identity it is reached with",
    "AzureWebJobsStorage__credential": "that it is reached with an identity",
    "APPLICATIONINSIGHTS_AUTHENTICATION_STRING": "the identity that telemetry is sent with",
    "APPLICATIONINSIGHTS_CONNECTION_STRING": "where telemetry goes; it opens nothing",
    "FUNCTIONS_WORKER_RUNTIME": "the language, on one machine",
    "ServiceBus__clientId": "the identity that queue triggers reach Service Bus with",
    "ServiceBus__credential": "that they reach it with an identity",
}
