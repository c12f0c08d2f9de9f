"""What schemathesis does not know by itself: the body of a tus upload is bytes."""

import schemathesis

schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")
