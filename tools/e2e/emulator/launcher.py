"""Starts moto as an AWS emulator on loopback, with what moto 5.2.1 lacks for this stack. Each patch says why.

Usage: launcher.py PORT ALLOWED

ALLOWED is a file that gets a line of JSON for each call that an IAM policy allowed: who made it, the action, the resource.
"""

import json
import sys

from moto.awslambda.models import LambdaBackend
from moto.awslambda.responses import LambdaResponse
from moto.cloudtrail.models import CloudTrailBackend
from moto.core.responses import BaseResponse
from moto.dynamodb.responses import DynamoHandler
from moto.iam.access_control import IAMRequest
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from moto.s3.responses import S3Response
from moto.sns.responses import SNSResponse
from moto.sqs.models import Queue
from werkzeug.exceptions import HTTPException
from werkzeug.serving import run_simple
from werkzeug.test import run_wsgi_app

from key_events import deliver_events_to_topics, report_calls_of_kms


def find_trails_by_arn():
    """The provider names a trail by ARN: moto answers with a KeyError, which the provider repeats for ever."""
    CloudTrailBackend.start_logging = lambda self, name: self.get_trail(name).start_logging()
    CloudTrailBackend.stop_logging = lambda self, name: self.get_trail(name).stop_logging()
    CloudTrailBackend.delete_trail = lambda self, name: self.trails.pop(self.get_trail(name).trail_name)


def return_redrive_allow_policy():
    """moto stores the attribute, and then refuses its name when asked for it."""
    Queue.BASE_ATTRIBUTES.append("RedriveAllowPolicy")
    Queue.redrive_allow_policy = None


def compact_redrive_policy():
    """SQS returns the policy without white space; the provider waits until it reads what it wrote."""
    attributes = Queue.attributes.fget

    def compact(self):
        result = attributes(self)
        if self.redrive_policy:
            result["RedrivePolicy"] = json.dumps(self.redrive_policy, separators=(",", ":"))
        return {name: value for name, value in result.items() if value not in (None, "")}

    Queue.attributes = property(compact)


FEEDBACK = {
    f"{protocol}{outcome}": f"{protocol.lower()}_{name}"
    for protocol in ("HTTP", "Lambda", "SQS")
    for outcome, name in (
        ("SuccessFeedbackRoleArn", "success_feedback_role_arn"),
        ("SuccessFeedbackSampleRate", "success_feedback_sample_rate"),
        ("FailureFeedbackRoleArn", "failure_feedback_role_arn"),
    )
}


def return_delivery_feedback():
    """moto stores the attributes of delivery status logging, and leaves them out of its answer."""
    set_attributes = SNSResponse.set_topic_attributes
    get_attributes = SNSResponse.get_topic_attributes

    def set_topic_attributes(self):
        name = self._get_param("AttributeName")
        if name not in FEEDBACK:
            return set_attributes(self)
        self.backend.set_topic_attribute(self._get_param("TopicArn"), FEEDBACK[name], self._get_param("AttributeValue"))
        return get_attributes(self).__class__({})

    def get_topic_attributes(self):
        answer = get_attributes(self)
        topic = self.backend.get_topic(self._get_param("TopicArn"))
        for name, field in FEEDBACK.items():
            if getattr(topic, field, None) is not None:
                answer.result["Attributes"][name] = getattr(topic, field)
        return answer

    SNSResponse.set_topic_attributes = set_topic_attributes
    SNSResponse.get_topic_attributes = get_topic_attributes


SMALLEST_TRANSITION = "x-amz-transition-default-minimum-object-size"


def return_smallest_transition():
    """moto says of every bucket that objects under 128 KB stay; the provider waits until it reads what it wrote."""
    put = S3Response._bucket_response_put
    get = S3Response.get_bucket_lifecycle
    written = {}

    def put_bucket(self, request, bucket_name, querystring):
        if "lifecycle" in querystring:
            written[bucket_name] = self.headers.get(SMALLEST_TRANSITION, "all_storage_classes_128K")
        return put(self, request, bucket_name, querystring)

    def get_bucket_lifecycle(self):
        status, headers, body = get(self)
        return status, {**headers, SMALLEST_TRANSITION: written[self.bucket_name]}, body

    S3Response._bucket_response_put = put_bucket
    S3Response.get_bucket_lifecycle = get_bucket_lifecycle


def name_resources_to_iam():
    """When moto enforces IAM it asks each service what a call is about; of ours, only SQS says so."""

    def table_or_index(self):
        table = f"arn:aws:dynamodb:{self.region}:{self.current_account}:table/{self.body.get('TableName', '')}"
        index = self.body.get("IndexName")
        return f"{table}/index/{index}" if index else table

    DynamoHandler._determine_resource = table_or_index
    SNSResponse._determine_resource = lambda self: self._get_param("TopicArn") or "*"


def leave_delivery_to_the_test():
    """moto would run the function in Docker as soon as a message is sent, and count every failure as a receive."""
    Queue.lambda_event_source_mappings = property(lambda self: {}, lambda self, mappings: None)


def find_mappings_by_name():
    """The provider makes the mapping by the function's ARN, and moto finds it by nothing else; AWS takes the name, too."""
    find = LambdaBackend.list_event_source_mappings

    def list_event_source_mappings(self, event_source_arn, function_name):
        mappings = find(self, event_source_arn, None)
        return [one for one in mappings if not function_name or one.function_name.split(":")[-1] == function_name.split(":")[-1]]

    LambdaBackend.list_event_source_mappings = list_event_source_mappings


def authorize_batches_as_single_calls():
    """IAM has no actions for batches: SendMessageBatch needs the right to SendMessage."""
    check = IAMRequest.check_action_permitted

    def check_action_permitted(self, resource):
        if self._service == "sqs":
            self._action = self._action.removesuffix("Batch")
        check(self, resource)

    IAMRequest.check_action_permitted = check_action_permitted


def refuse_in_the_protocol_of_the_call():
    """moto refuses in XML whatever it was asked in; an SDK that speaks JSON cannot read that. Lambda does so in calls without a body, too."""
    authorize = BaseResponse._authenticate_and_authorize_normal_action

    def authorize_normal_action(self, resource="*"):
        try:
            authorize(self, resource)
        except HTTPException as refusal:
            if "json" in self.headers.get("Content-Type", "") or isinstance(self, LambdaResponse):
                kind = f"{getattr(refusal, 'error_type', 'AccessDenied')}Exception"
                refusal.description = json.dumps({"__type": kind, "message": getattr(refusal, "message", "")})
            raise

    BaseResponse._authenticate_and_authorize_normal_action = authorize_normal_action


def record_what_is_allowed(file):
    """moto forgets whom it allowed what; least privilege asks which rights were ever used."""
    check = IAMRequest.check_action_permitted
    record = open(file, "a", buffering=1)

    def check_action_permitted(self, resource):
        check(self, resource)
        record.write(json.dumps({"by": self._access_key.arn, "action": self._action, "on": resource}) + "\n")

    IAMRequest.check_action_permitted = check_action_permitted


def answer_second_tries_as_first(app):
    """When an answer gets lost, an SDK tries again under the same invocation id, and moto would do it all twice: refuse
    a rule as a duplicate, or not find what it has just deleted. Only what succeeded is answered again."""
    answers = {}

    def answering(environ, start_response):
        call = environ.get("HTTP_AMZ_SDK_INVOCATION_ID")
        if call in answers:
            print(f"A second try ({environ.get('HTTP_AMZ_SDK_REQUEST')}) is answered as the first.", flush=True)
            body, status, headers = answers[call]
        else:
            parts, status, headers = run_wsgi_app(app, environ, buffered=True)
            body = b"".join(parts)
            if call is not None and status.startswith("2"):
                answers[call] = (body, status, headers)
        start_response(status, headers.to_wsgi_list())
        return [body]

    return answering


PATCHES = (
    find_trails_by_arn,
    return_redrive_allow_policy,
    compact_redrive_policy,
    return_delivery_feedback,
    return_smallest_transition,
    report_calls_of_kms,
    deliver_events_to_topics,
    name_resources_to_iam,
    leave_delivery_to_the_test,
    find_mappings_by_name,
    authorize_batches_as_single_calls,
    refuse_in_the_protocol_of_the_call,
)


def main(port, allowed):
    for patch in PATCHES:
        patch()
    record_what_is_allowed(allowed)
    app = answer_second_tries_as_first(DomainDispatcherApplication(create_backend_app))
    run_simple("127.0.0.1", port, app, threaded=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
