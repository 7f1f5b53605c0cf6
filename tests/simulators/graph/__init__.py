import importlib
import warnings

with warnings.catch_warnings():  # the SDK's foundation warns of a deprecation in itself
    warnings.simplefilter("ignore", DeprecationWarning)
    importlib.import_module("kiota_abstractions.default_query_parameters")
