import os
import ssl
import subprocess

# ruleid: http-outside-the-client
import requests
import yaml

# ruleid: http-outside-the-client
import socket

# ruleid: http-outside-the-client
import urllib.request

# ruleid: http-outside-the-client
import httpx2

# ruleid: http-outside-the-client
import http.client

# ruleid: http-outside-the-client
from urllib.request import urlopen

# ok: http-outside-the-client
from urllib.parse import urlsplit

# ok: http-outside-the-client
from gateways.outgoing import fetch

# ruleid: code-out-of-data
import pickle

# ruleid: code-out-of-data
import marshal


def unchecked(context):
    # ruleid: certificate-not-checked
    requests.get("https://example.com", verify=False)
    # ruleid: certificate-not-checked
    ssl._create_unverified_context()
    # ruleid: certificate-not-checked
    context.check_hostname = False
    # ruleid: certificate-not-checked
    context.verify_mode = ssl.CERT_NONE
    # ok: certificate-not-checked
    fetch("https://example.com")


def shells(name):
    # ruleid: shell
    subprocess.run(f"ls {name}", shell=True)
    # ruleid: shell
    os.system("ls")
    # ruleid: shell
    os.popen("ls")
    # ok: shell
    subprocess.run(["ls", name], check=True)


def data(content):
    # ruleid: code-out-of-data
    yaml.load(content)
    # ruleid: code-out-of-data
    eval(content)
    # ruleid: code-out-of-data
    exec(content)
    # ok: code-out-of-data
    yaml.safe_load(content)


def environment():
    # ruleid: environment-outside-settings
    os.environ["PORT"]
    # ruleid: environment-outside-settings
    os.getenv("PORT")
