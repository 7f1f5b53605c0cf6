"""Microsoft Graph: the directory read, license groups written, change subscriptions kept.

Importing this package is cheap: the SDK is imported when the first request is sent.
Read it in this order: `client` (one request) -> `errors` (what went wrong and what to do next)
-> `directory` (reads), `targets` (writes), `subscriptions` (watches).
"""
