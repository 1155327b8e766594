"""Where the services live, and which models they run."""

MODEL_SERVER = "http://models.tidepool.example:8000/v1"
MODEL = "kelp-7b"

EMBEDDING_SERVER = "http://vectors.tidepool.example:8080/v1"
EMBEDDING_MODEL = "limpet-embed"

HOSTED = "https://api.lagoon.example/v1"
HOSTED_MODEL = "lagoon-mini"
SUMMARY_STREAMS = True

GUIDE_URL = "https://api.lighthouse.example/v1/messages"
GUIDE = "lighthouse-2"

NATURALIST_URL = "vertexai:///generate_content_stream"
NATURALIST = "reef-flash"
