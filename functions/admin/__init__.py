"""The admin HTTP surface, version 1: what people and their pipelines may ask and switch."""
