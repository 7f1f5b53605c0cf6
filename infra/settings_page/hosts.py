"""Settings that the Functions host reads, and the app itself does not."""

HOSTS = {
    "AzureWebJobsStorage": "the host's own storage, on one machine",
    "AzureWebJobsStorage__accountName": "the host's own storage, for its locks",
    "AzureWebJobsStorage__clientId": "the identity it is reached with",
    "AzureWebJobsStorage__credential": "that it is reached with an identity",
    "APPLICATIONINSIGHTS_AUTHENTICATION_STRING": "the identity that its own telemetry is sent with",
    "FUNCTIONS_WORKER_RUNTIME": "the language, on one machine",
    "PYTHON_ENABLE_OPENTELEMETRY": "that the app sends its own logs: [telemetry.md](telemetry.md)",
    "ServiceBus__clientId": "the identity that queue triggers reach Service Bus with",
    "ServiceBus__credential": "that they reach it with an identity",
}
