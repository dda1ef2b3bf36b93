"""A desk that sends Web Push, and a push service within the browser."""

from collections.abc import Callable, Iterator

import pytest

from results.push.keys import new_private_key
from tests.servers import Server


@pytest.fixture(scope="module")
def push_server(make_desk: Callable[..., Server]) -> Iterator[Server]:
    """A desk that has Web Push turned on."""
    environment = {
        "VAPID_PRIVATE_KEY": new_private_key(),
        "VAPID_CONTACT": "mailto:desk@example.com",
        "PUSH_SERVICES": "push.example",
    }
    with make_desk(environment=environment) as server:
        yield server


#: A push service: Chromium's own is on the internet. What is asked of it is noted.
PUSH_SERVICE = """
  const subscription = {
    get options() {
      return { applicationServerKey: keyOf(sessionStorage.getItem("push-service")) };
    },
    unsubscribe: async () => sessionStorage.removeItem("push-service") ?? true,
    toJSON: () => ({ endpoint: "https://push.example/one", keys: { p256dh: KEY, auth: AUTH } }),
  };
  // The example of RFC 8291.
  const KEY = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6S"
    + "RpkNtoIAiw4";
  const AUTH = "c2l4dGVlbiBieXRlcyBvaw";
  const keyOf = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")),
    (letter) => letter.codePointAt(0)).buffer;
  const isSubscribed = () => sessionStorage.getItem("push-service") !== null;
  PushManager.prototype.getSubscription = async () => (isSubscribed() ? subscription : null);
  PushManager.prototype.subscribe = async ({ userVisibleOnly, applicationServerKey }) => {
    if (!userVisibleOnly || !applicationServerKey || isSubscribed()) throw new Error("refused");
    sessionStorage.setItem("push-service", applicationServerKey);
    return subscription;
  };
"""
