"""The ground of every process: settings, errors, ids, blobs, logs, traces, and the edge of an HTTP server."""
