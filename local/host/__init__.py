"""The local functions host: what `func start` does for one app, on Microsoft's own worker library.

Indexing, binding conversion and invocation are the library's (`azure-functions-runtime`, what Azure
runs for Python 3.13); everything around it that Azure's .NET host does is written here.
"""
