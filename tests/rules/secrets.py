import hashlib
import hmac

import structlog
from cryptography.hazmat.primitives import hashes

log = structlog.get_logger()


def weak(content, key):
    # ruleid: weak-hash
    hashlib.md5(content)
    # ruleid: weak-hash
    hashlib.sha1(content)
    # ruleid: weak-hash
    hashlib.new("md5", content)
    # ruleid: weak-hash
    hmac.new(key, content, hashlib.sha1)
    # ruleid: weak-hash
    hashes.SHA1()
    # ok: weak-hash
    hashlib.sha256(content)


def compared(row, query, token, secret, response):
    # ruleid: secret-compared-in-parts
    if token == row.token:
        return True
    # ruleid: secret-compared-in-parts
    if hash_secret(token) != row.token_hash:
        return False
    # ruleid: secret-compared-in-parts
    if secret == "x":
        return False
    # ok: secret-compared-in-parts
    if hmac.compare_digest(token, row.token):
        return True
    # ok: secret-compared-in-parts
    if response.status_code == 200:
        return True
    # ok: secret-compared-in-parts
    return query.where(row.token_hash == hash_secret(token))


def logged(message, token, error, agent, customer):
    # ruleid: written-to-the-log
    log.info("asked", text=message.text)
    # ruleid: written-to-the-log
    log.info("signed_in", token=token)
    # ruleid: written-to-the-log
    log.warning("refused", agent=str(agent.id), email=customer.email)
    # ruleid: woven-into-the-log
    log.info(f"asked {message.text}")
    # ruleid: woven-into-the-log
    log.info("asked %s" % message.text)
    # ruleid: woven-into-the-log
    print(token)
    # ok: written-to-the-log
    log.info("asked", message=str(message.id), error=type(error).__name__)
