"""Payload to text: content encoding, character encoding, printed dates."""
