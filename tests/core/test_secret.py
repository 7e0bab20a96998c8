"""Tests of secret."""
