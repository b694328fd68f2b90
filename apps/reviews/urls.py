"""Addresses of reviews."""

from django.urls import path

from apps.reviews.views import api, diff, quality, reviews, rules, threads

REVIEW = "projects/<int:project_id>/reviews/<int:review_id>/"

urlpatterns = [
    path("projects/<int:project_id>/reviews/", reviews.reviews, name="reviews"),
    path("projects/<int:project_id>/reviews/new/", reviews.new_review, name="new-review"),
    path("projects/<int:project_id>/reviews/start/", reviews.start_review, name="start-review"),
    path("projects/<int:project_id>/quality/", quality.quality_page, name="quality"),
    path("projects/<int:project_id>/quality/work-out/", quality.work_out, name="work-out-quality"),
    path(REVIEW, diff.review, name="review"),
    path(f"{REVIEW}findings/", reviews.findings, name="review-findings"),
    path(f"{REVIEW}again/", reviews.find_again, name="find-again"),
    path(f"{REVIEW}delete/", reviews.delete_review, name="delete-review"),
    path(f"{REVIEW}files/", diff.files, name="review-files"),
    path(f"{REVIEW}files/<int:index>/", diff.file, name="review-file"),
    path(f"{REVIEW}files/<int:index>/context/", diff.context_lines, name="review-context"),
    path(f"{REVIEW}files/<int:index>/viewed/", diff.viewed, name="review-viewed"),
    path(f"{REVIEW}files/<int:index>/threads/", threads.start, name="start-thread"),
    path(f"{REVIEW}threads/<int:thread_id>/reply/", threads.reply, name="reply"),
    path(f"{REVIEW}threads/<int:thread_id>/resolve/", threads.resolve, name="resolve-thread"),
    path(f"{REVIEW}comments/<int:comment_id>/form/", threads.edit_form, name="edit-comment-form"),
    path(f"{REVIEW}comments/<int:comment_id>/edit/", threads.edit, name="edit-comment"),
    path(f"{REVIEW}comments/<int:comment_id>/remove/", threads.remove, name="remove-comment"),
    path("rules/", rules.rules, name="rules"),
    path("rules/try/", rules.try_rules, name="try-rules"),
    path("rules/<slug:rule_id>/", rules.rule, name="rule"),
    path("api/projects/", api.projects, name="api-projects"),
    path("api/projects/<int:project_id>/reviews/", api.reviews, name="api-reviews"),
    path("api/projects/<int:project_id>/reviews/<int:review_id>/", api.review, name="api-review"),
    path(
        "api/projects/<int:project_id>/reviews/<int:review_id>/findings/", api.findings, name="api-findings"
    ),
]
