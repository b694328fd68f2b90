"""Automated code review: rules, findings, suppression, output formats."""
