"""Addresses of the assistant."""

from django.urls import path

from apps.assistant.views import chat, editor

urlpatterns = [
    path("projects/<int:project_id>/chat/", chat.chats, name="chats"),
    path("projects/<int:project_id>/chat/ask/", chat.ask, name="ask"),
    path("projects/<int:project_id>/chat/<int:conversation_id>/", chat.chat, name="chat"),
    path("projects/<int:project_id>/chat/<int:conversation_id>/again/", chat.again, name="ask-again"),
    path("projects/<int:project_id>/chat/<int:conversation_id>/delete/", chat.delete, name="delete-chat"),
    path("projects/<int:project_id>/edit/<path:path>", editor.edit, name="edit"),
]
