"""The messages of the server in Python, as protobuf's own compiler would make them: a program of its own is not needed."""
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

UINT32, UINT64, STRING, DOUBLE = 13, 4, 9, 1
MESSAGE, OPTIONAL, REPEATED = 11, 1, 3

SCHEMA = {
    "Auth": [("token", STRING), ("name", STRING), ("password", STRING)],
    "Send": [("channel", UINT32), ("text", STRING), ("client_id", STRING)],
    "ClientFrame": [("auth", "Auth"), ("send", "Send")],
    "Ready": [("user", UINT32), ("token", STRING)],
    "Event": [
        ("id", UINT64),
        ("channel", UINT32),
        ("author", UINT32),
        ("time_ms", DOUBLE),
        ("text", STRING),
        ("client_id", STRING),
    ],
    "Error": [("message", STRING)],
    "ServerFrame": [("ready", "Ready"), ("events", "Event"), ("error", "Error")],
}


def _compile():
    file = descriptor_pb2.FileDescriptorProto(name="peer.proto", package="peer", syntax="proto3")
    for name, fields in SCHEMA.items():
        message = file.message_type.add(name=name)
        for number, (field, kind) in enumerate(fields, 1):
            label = REPEATED if field == "events" else OPTIONAL
            added = message.field.add(name=field, number=number, label=label)
            if isinstance(kind, str):
                added.type, added.type_name = MESSAGE, f".peer.{kind}"
            else:
                added.type = kind
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return {name: message_factory.GetMessageClass(pool.FindMessageTypeByName(f"peer.{name}")) for name in SCHEMA}


globals().update(_compile())
