"""Settings that the Functions host, its worker or a library reads, and the app itself does not."""

QUIET = {
    "APPLICATIONINSIGHTS_CONTROLPLANE_DISABLED": "that its exporter is not configured from afar",
    "APPLICATIONINSIGHTS_OPENTELEMETRY_RESOURCE_METRIC_DISABLED": "nor tells where it runs",
    "APPLICATIONINSIGHTS_SDKSTATS_DISABLED": "nor how much it sends",
    "APPLICATIONINSIGHTS_STATSBEAT_DISABLED_ALL": "nor reports to Microsoft on itself",
}
"""They keep Application Insights' exporter from talking of itself, to us or to anyone."""

HOSTS = {
    **QUIET,
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
