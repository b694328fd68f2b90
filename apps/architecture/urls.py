"""Addresses of the architecture pages."""

from django.urls import path

from apps.architecture import advice_views, decision_views, pattern_views, rule_views, views

urlpatterns = [
    path("projects/<int:project_id>/architecture/", views.architecture, name="architecture"),
    path("projects/<int:project_id>/architecture/<str:level>.<str:form>", views.export, name="export-graph"),
    path("projects/<int:project_id>/architecture/again/", views.again, name="architecture-again"),
    path("projects/<int:project_id>/architecture/patterns/", pattern_views.patterns, name="patterns"),
    path("projects/<int:project_id>/architecture/advice/", advice_views.advice, name="advice"),
    path("projects/<int:project_id>/architecture/decisions/", decision_views.decisions, name="decisions"),
    path("projects/<int:project_id>/architecture/rules/", rule_views.rules, name="architecture-rules"),
    path("projects/<int:project_id>/architecture/drift/", views.drift, name="architecture-drift"),
    path(
        "projects/<int:project_id>/architecture/drift/compare/",
        views.compare,
        name="compare-architectures",
    ),
]
