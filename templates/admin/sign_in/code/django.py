import base64
import hmac
import json
import os
import time

from django.http import HttpResponse
from django.views.decorators.cache import never_cache


# In urls.py: path("chat-token", views.chat_token, name="chat-token")
@never_cache
def chat_token(request):
    if not request.user.is_authenticated:
        return HttpResponse(status=404)
    return HttpResponse(token_for(request.user), content_type="text/plain")


def token_for(user):
    now = int(time.time())
    claims = {"sub": str(user.pk), "name": user.get_full_name(), "email": user.email, "iat": now, "exp": now + 300}
    content = f"{_part({'alg': 'HS256', 'typ': 'JWT'})}.{_part(claims)}"
    secret = os.environ["PORCHLIGHT_SECRET"].encode()
    return f"{content}.{_base64url(hmac.digest(secret, content.encode(), 'sha256'))}"


def _part(claims):
    return _base64url(json.dumps(claims).encode())


def _base64url(octets):
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()
