"""The language server: findings, evidence and quick fixes inside of editors."""
