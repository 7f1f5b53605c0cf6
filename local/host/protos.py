"""The messages the worker library speaks, built from their names alone.

The library is handed its `protos` module by whoever drives it, and the wheel ships none. Nothing
here crosses a wire, so field numbers are free and neither protoc nor a .proto file is needed; being
real protobuf, the messages still refuse a wrong type or two members of a oneof, as in Azure.
"""

import re
from types import SimpleNamespace
from typing import Any

from google.protobuf import descriptor_pool, duration_pb2, message_factory, timestamp_pb2
from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    FieldDescriptorProto,
    FileDescriptorProto,
)

_PACKAGE = "local_functions_host"
_DURATION = "google.protobuf.Duration"
_TIMESTAMP = "google.protobuf.Timestamp"

# One message a line; `kind|type name` is a member of the oneof `kind`, `type(A B) name` an enum.
_SCHEMA = f"""
NullableString: optional string value
NullableBool: optional bool value
NullableDouble: optional double value
NullableTimestamp: optional {_TIMESTAMP} value
CollectionString: repeated string string
CollectionBytes: repeated bytes bytes
CollectionDouble: repeated double double
CollectionSInt64: repeated sint64 sint64
ModelBindingData: string version, string source, string content_type, bytes content
CollectionModelBindingData: repeated ModelBindingData model_binding_data
RpcHttpCookie: string name, string value, NullableString domain, NullableString path, \
  NullableTimestamp expires, NullableBool secure, NullableBool http_only, \
  SameSite(None Lax Strict ExplicitNone) same_site, NullableDouble max_age
RpcHttp: string method, string url, map string headers, TypedData body, map string params, \
  string status_code, map string query, bool enable_content_negotiation, TypedData rawBody, \
  repeated RpcHttpCookie cookies, map NullableString nullable_headers, \
  map NullableString nullable_params, map NullableString nullable_query
TypedData: data|string string, data|string json, data|bytes bytes, data|bytes stream, \
  data|RpcHttp http, data|sint64 int, data|double double, data|CollectionBytes collection_bytes, \
  data|CollectionString collection_string, data|CollectionDouble collection_double, \
  data|CollectionSInt64 collection_sint64, data|ModelBindingData model_binding_data, \
  data|CollectionModelBindingData collection_model_binding_data
ParameterBinding: string name, rpc_data|TypedData data
RpcException: string source, string stack_trace, string message, bool is_user_exception, string type
StatusResult: Status(Failure Success Cancelled) status, string result, RpcException exception
WorkerMetadata: string runtime_name, string runtime_version, string worker_version, \
  string worker_bitness, map string custom_properties
WorkerInitRequest: string host_version, map string capabilities, string worker_directory, \
  string function_app_directory
WorkerInitResponse: string worker_version, map string capabilities, StatusResult result, \
  WorkerMetadata worker_metadata
BindingInfo: string type, Direction(in out inout) direction, \
  DataType(undefined string binary stream) data_type, map string properties
RpcRetryOptions: int32 max_retry_count, {_DURATION} delay_interval, {_DURATION} minimum_interval, \
  {_DURATION} maximum_interval, RetryStrategy(exponential_backoff fixed_delay) retry_strategy
RpcFunctionMetadata: string name, string directory, string script_file, string entry_point, \
  map BindingInfo bindings, bool is_proxy, StatusResult status, string language, \
  repeated string raw_bindings, string function_id, bool managed_dependency_enabled, \
  RpcRetryOptions retry_options, map string properties
FunctionsMetadataRequest: string function_app_directory
FunctionMetadataResponse: repeated RpcFunctionMetadata function_metadata_results, \
  StatusResult result, bool use_default_metadata_indexing
FunctionLoadRequest: string function_id, RpcFunctionMetadata metadata, \
  bool managed_dependency_enabled
FunctionLoadResponse: string function_id, StatusResult result, bool is_dependency_downloaded
RpcTraceContext: string trace_parent, string trace_state, map string attributes
RetryContext: int32 retry_count, int32 max_retry_count, RpcException exception
InvocationRequest: string invocation_id, string function_id, repeated ParameterBinding input_data, \
  map TypedData trigger_metadata, RpcTraceContext trace_context, RetryContext retry_context
InvocationResponse: string invocation_id, repeated ParameterBinding output_data, \
  TypedData return_value, StatusResult result
StreamingMessage: string request_id, content|WorkerInitRequest worker_init_request, \
  content|FunctionsMetadataRequest functions_metadata_request, \
  content|FunctionLoadRequest function_load_request, content|InvocationRequest invocation_request
"""

_FIELD = re.compile(
    r"(?:(?P<oneof>\w+)\|)?(?:(?P<label>repeated|optional|map) )?"
    r"(?P<type>[\w.]+)(?:\((?P<members>[\w ]+)\))? (?P<name>\w+)"
)


def _build() -> Any:
    """Return a namespace with one protobuf class for each message of the schema."""
    file = FileDescriptorProto(
        name=f"{_PACKAGE}.proto",
        package=_PACKAGE,
        syntax="proto3",
        dependency=[duration_pb2.DESCRIPTOR.name, timestamp_pb2.DESCRIPTOR.name],
    )
    for line in _SCHEMA.strip().splitlines():
        name, _, fields = line.partition(": ")
        _describe(file.message_type.add(name=name), fields)
    pool = descriptor_pool.Default()
    pool.Add(file)
    names = [message.name for message in file.message_type]
    found = {name: pool.FindMessageTypeByName(f"{_PACKAGE}.{name}") for name in names}
    classes = {name: message_factory.GetMessageClass(kind) for name, kind in found.items()}
    return SimpleNamespace(**classes, Timestamp=timestamp_pb2.Timestamp)


def _describe(message: DescriptorProto, fields: str) -> None:
    for number, match in enumerate(_FIELD.finditer(fields), 1):
        field = message.field.add(name=match["name"], number=number)
        field.label = FieldDescriptorProto.LABEL_OPTIONAL
        if match["members"]:
            enum = message.enum_type.add(name=match["type"])
            for value, member in enumerate(match["members"].split()):
                enum.value.add(name=member, number=value)
            field.type = FieldDescriptorProto.TYPE_ENUM
            field.type_name = f".{_PACKAGE}.{message.name}.{enum.name}"
        elif match["label"] == "map":
            _describe_map(message, field, match["type"])
        else:
            _set_type(field, match["type"])
        if match["label"] == "repeated":
            field.label = FieldDescriptorProto.LABEL_REPEATED
        # Proto3 tells "not there" from "empty" by a oneof of one member.
        if group := match["oneof"] or (match["label"] == "optional" and f"_{field.name}"):
            _join_oneof(message, field, group)


def _describe_map(message: DescriptorProto, field: FieldDescriptorProto, kind: str) -> None:
    entry_name = "".join(part.capitalize() for part in field.name.split("_")) + "Entry"
    entry = message.nested_type.add(name=entry_name)
    entry.options.map_entry = True
    for number, (name, type_name) in enumerate((("key", "string"), ("value", kind)), 1):
        part = entry.field.add(name=name, number=number)
        part.label = FieldDescriptorProto.LABEL_OPTIONAL
        _set_type(part, type_name)
    field.label = FieldDescriptorProto.LABEL_REPEATED
    field.type = FieldDescriptorProto.TYPE_MESSAGE
    field.type_name = f".{_PACKAGE}.{message.name}.{entry_name}"


def _set_type(field: FieldDescriptorProto, name: str) -> None:
    if name[0].islower() and "." not in name:
        field.type = FieldDescriptorProto.Type.Value(f"TYPE_{name.upper()}")
    else:
        field.type = FieldDescriptorProto.TYPE_MESSAGE
        field.type_name = f".{name}" if "." in name else f".{_PACKAGE}.{name}"


def _join_oneof(message: DescriptorProto, field: FieldDescriptorProto, group: str) -> None:
    names = [oneof.name for oneof in message.oneof_decl]
    if group not in names:
        message.oneof_decl.add(name=group)
        names.append(group)
    field.oneof_index = names.index(group)


protos: Any = _build()
