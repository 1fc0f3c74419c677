"""A fifth stage: a second kind of source beside a repository, a folder of text files. It lives in tests alone.

It is what a stage is made of: a module of events, a row, a core with its effects, and one file of the gateway.
"""
