"""What Daphne serves: pages through Django, sockets through Channels."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.core.asgi import get_asgi_application

pages = get_asgi_application()

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.urls import path

from apps.assistant.consumers import ChatConsumer, CompletionConsumer
from apps.common.body_limit import LimitBody
from apps.common.consumers import RunConsumer
from apps.projects.consumers import ProjectConsumer

sockets = URLRouter(
    [
        path("ws/runs/<int:run_id>/", RunConsumer.as_asgi()),
        path("ws/chat/<int:conversation_id>/", ChatConsumer.as_asgi()),
        path("ws/complete/", CompletionConsumer.as_asgi()),
        path("ws/projects/<int:project_id>/", ProjectConsumer.as_asgi()),
    ]
)
application = ProtocolTypeRouter(
    {
        "http": LimitBody(pages),
        "websocket": AllowedHostsOriginValidator(AuthMiddlewareStack(sockets)),
    }
)
