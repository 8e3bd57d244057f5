"""Rotates the access key of an IAM user, as a rotation function of Secrets Manager.

What people use where they have no product for it: one function in Python with boto3, in the form of the rotation functions
that AWS publishes. It keeps no journal and takes no lease. The benchmark `cpu` compares with it; nothing deploys it.
"""

import functools
import json
import logging
import os
import time

import boto3
from botocore.exceptions import ClientError

LOG = logging.getLogger()
LOG.setLevel(logging.INFO)

KEYS_PER_USER = 2
PROOF_TRIES = 24
PROOF_PAUSE_SECONDS = 5


@functools.cache
def client(service):
    """One for each service, made at its first use."""
    return boto3.client(service)


def lambda_handler(event, _context):
    """Does one of the four steps of a rotation."""
    if os.environ.get("CLIENTS") == "perInvocation":
        # As AWS's own rotation functions do it: they make their client in the handler.
        client.cache_clear()
    arn, token, step = event["SecretId"], event["ClientRequestToken"], event["Step"]
    secret = client("secretsmanager").describe_secret(SecretId=arn)
    if not secret.get("RotationEnabled"):
        raise ValueError(f"Rotation of {arn} is not enabled.")
    labels = secret["VersionIdsToStages"].get(token)
    if labels is None:
        raise ValueError(f"{arn} has no version {token}.")
    if "AWSCURRENT" in labels:
        LOG.info("version %s of %s is current already", token, arn)
        return
    if "AWSPENDING" not in labels:
        raise ValueError(f"Version {token} of {arn} is not AWSPENDING.")
    STEPS[step](arn, token)


def create_secret(arn, token):
    """Makes a new key and stores it as AWSPENDING, unless that was done before."""
    current = value_of(arn, VersionStage="AWSCURRENT")
    try:
        value_of(arn, VersionId=token, VersionStage="AWSPENDING")
        LOG.info("createSecret: %s has its new key already", arn)
        return
    except client("secretsmanager").exceptions.ResourceNotFoundException:
        pass
    user_name = current["UserName"]
    make_room(user_name, current["AccessKeyId"])
    key = client("iam").create_access_key(UserName=user_name)["AccessKey"]
    value = {
        **current,
        "AccessKeyId": key["AccessKeyId"],
        "SecretAccessKey": key["SecretAccessKey"],
    }
    client("secretsmanager").put_secret_value(
        SecretId=arn,
        ClientRequestToken=token,
        SecretString=json.dumps(value),
        VersionStages=["AWSPENDING"],
    )
    LOG.info("createSecret: %s has a new key", arn)


def make_room(user_name, current_key_id):
    """Deletes the key of the rotation before the last one: a user has two."""
    keys = client("iam").list_access_keys(UserName=user_name)["AccessKeyMetadata"]
    if len(keys) < KEYS_PER_USER:
        return
    for key in keys:
        key_id = key["AccessKeyId"]
        if key_id == current_key_id:
            continue
        client("iam").update_access_key(
            UserName=user_name, AccessKeyId=key_id, Status="Inactive"
        )
        client("iam").delete_access_key(UserName=user_name, AccessKeyId=key_id)


def set_secret(arn, _token):
    """IAM knows the new key already."""
    LOG.info("setSecret: nothing to do for %s", arn)


def test_secret(arn, token):
    """Asks STS who the new key is, until it is known."""
    pending = value_of(arn, VersionId=token, VersionStage="AWSPENDING")
    sts = boto3.client(
        "sts",
        aws_access_key_id=pending["AccessKeyId"],
        aws_secret_access_key=pending["SecretAccessKey"],
    )
    for tries in range(1, PROOF_TRIES + 1):
        try:
            identity = sts.get_caller_identity()
            break
        except ClientError as error:
            is_unknown = error.response["Error"]["Code"] == "InvalidClientTokenId"
            if not is_unknown or tries == PROOF_TRIES:
                raise
            time.sleep(PROOF_PAUSE_SECONDS)
    if not identity["Arn"].endswith("/" + pending["UserName"]):
        raise ValueError(f"The new key of {arn} is not one of {pending['UserName']}.")
    LOG.info("testSecret: the new key of %s works", arn)


def finish_secret(arn, token):
    """Makes the new key the current one."""
    versions = client("secretsmanager").describe_secret(SecretId=arn)["VersionIdsToStages"]
    current = next(
        (version for version, labels in versions.items() if "AWSCURRENT" in labels), None
    )
    if current == token:
        LOG.info("finishSecret: version %s of %s is current already", token, arn)
        return
    client("secretsmanager").update_secret_version_stage(
        SecretId=arn,
        VersionStage="AWSCURRENT",
        MoveToVersionId=token,
        RemoveFromVersionId=current,
    )
    LOG.info("finishSecret: version %s of %s is current", token, arn)


def value_of(arn, **version):
    """The fields of a version of the secret."""
    answer = client("secretsmanager").get_secret_value(SecretId=arn, **version)
    return json.loads(answer["SecretString"])


STEPS = {
    "createSecret": create_secret,
    "setSecret": set_secret,
    "testSecret": test_secret,
    "finishSecret": finish_secret,
}
