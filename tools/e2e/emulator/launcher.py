"""Starts moto as an AWS emulator on loopback, with what moto 5.2.1 lacks for this stack. Each patch says why.

Usage: launcher.py PORT ALLOWED

ALLOWED is a file that gets a line of JSON for each call that an IAM policy allowed: who made it, the action, the resource.
"""

import json
import sys

from moto.awslambda import urls as lambda_urls
from moto.awslambda.models import LambdaBackend, LambdaFunction
from moto.awslambda.responses import LambdaResponse
from moto.cloudtrail.models import CloudTrailBackend
from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import ActionResult, BaseResponse
from moto.core.utils import camelcase_to_underscores
from moto.dynamodb.responses import DynamoHandler
from moto.ec2.models import ec2_backends
from moto.ec2.models.flow_logs import FlowLogs
from moto.iam.access_control import IAMPolicyStatement, IAMRequest, PermissionResult
from moto.iam.responses import IamResponse
from moto.logs.responses import LogsResponse
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


STORED = {
    f"{protocol}{outcome}": f"{protocol.lower()}_{name}"
    for protocol in ("HTTP", "Lambda", "SQS")
    for outcome, name in (
        ("SuccessFeedbackRoleArn", "success_feedback_role_arn"),
        ("SuccessFeedbackSampleRate", "success_feedback_sample_rate"),
        ("FailureFeedbackRoleArn", "failure_feedback_role_arn"),
    )
} | {"FifoThroughputScope": "fifo_throughput_scope"}


def return_attributes_of_topics():
    """moto stores a topic's delivery status logging and its throughput scope, and leaves them out of its answer."""
    set_attributes = SNSResponse.set_topic_attributes
    get_attributes = SNSResponse.get_topic_attributes

    def set_topic_attributes(self):
        name = self._get_param("AttributeName")
        if name not in STORED:
            return set_attributes(self)
        self.backend.set_topic_attribute(self._get_param("TopicArn"), STORED[name], self._get_param("AttributeValue"))
        return get_attributes(self).__class__({})

    def get_topic_attributes(self):
        answer = get_attributes(self)
        topic = self.backend.get_topic(self._get_param("TopicArn"))
        for name, field in STORED.items():
            if getattr(topic, field, None) is not None:
                answer.result["Attributes"][name] = getattr(topic, field)
        return answer

    SNSResponse.set_topic_attributes = set_topic_attributes
    SNSResponse.get_topic_attributes = get_topic_attributes


def take_composite_alarms():
    """moto describes composite alarms, and has no call that makes one."""

    def put_composite_alarm(self):
        answer = self.put_metric_alarm()
        alarm = self.cloudwatch_backend.alarms[self._get_param("AlarmName")]
        for name in ("AlarmRule", "ActionsSuppressor", "ActionsSuppressorWaitPeriod", "ActionsSuppressorExtensionPeriod"):
            setattr(alarm, camelcase_to_underscores(name), self._get_param(name))
        return answer

    CloudWatchResponse.put_composite_alarm = put_composite_alarm


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

    def streams_of_group(self):
        group = self._get_param("logGroupName")
        return f"arn:aws:logs:{self.region}:{self.current_account}:log-group:{group}:*" if group else "*"

    DynamoHandler._determine_resource = table_or_index
    LogsResponse._determine_resource = streams_of_group
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


def return_the_functions_vpc():
    """moto says of every function in a VPC that it is in vpc-123abc."""
    vpc_config = LambdaFunction.vpc_config.fget

    def with_vpc(self):
        config = vpc_config(self)
        if config and config["SubnetIds"]:
            subnet = ec2_backends[self.account_id][self.region].get_subnet(config["SubnetIds"][0])
            config["VpcId"] = subnet.vpc_id
        return config

    LambdaFunction.vpc_config = property(with_vpc)


def find_the_log_group_of_flow_logs():
    """moto looks a flow log's group up by name, and says of one that is named by its ARN that it cannot be written."""
    initialise = FlowLogs.__init__

    def initialised(self, *args, **kwargs):
        initialise(self, *args, **kwargs)
        if self.log_group_name is None:
            self.deliver_logs_status, self.deliver_logs_error_message = "SUCCESS", None

    FlowLogs.__init__ = initialised


def simulate_principal_policy():
    """moto has no simulator. This one reads the inline policies of a role. It skips statements with a condition."""

    def decision(statements, action, resource):
        results = [IAMPolicyStatement(one).is_action_permitted(action, resource) for one in statements]
        if PermissionResult.DENIED in results:
            return "explicitDeny"
        return "allowed" if PermissionResult.PERMITTED in results else "implicitDeny"

    def simulate(self):
        role = self.backend.get_role_by_arn(self._get_param("PolicySourceArn"))
        documents = [json.loads(self.backend.get_role_policy(role.name, name)[1]) for name in self.backend.list_role_policies(role.name)]
        statements = [one for document in documents for one in document["Statement"] if "Condition" not in one]
        results = [
            {"EvalActionName": action, "EvalResourceName": resource, "EvalDecision": decision(statements, action, resource)}
            for action in self._get_param("ActionNames")
            for resource in self._get_param("ResourceArns")
        ]
        return ActionResult({"EvaluationResults": results, "IsTruncated": False})

    IamResponse.simulate_principal_policy = simulate


LAMBDA_QUOTA = 1_000


def return_lambda_quota():
    """moto has no account settings. The quota is AWS's default, less what functions have reserved."""

    def get_account_settings(self):
        reserved = sum(int(one.reserved_concurrency or 0) for one in self.backend.list_functions())
        limit = {"ConcurrentExecutions": LAMBDA_QUOTA, "UnreservedConcurrentExecutions": LAMBDA_QUOTA - reserved}
        return 200, {}, json.dumps({"AccountLimit": limit})

    LambdaResponse.get_account_settings = get_account_settings
    lambda_urls.url_paths[r"{0}/(?P<api_version>[^/]+)/account-settings/?$"] = LambdaResponse.dispatch


def await_confirmation_of_emails():
    """moto confirms a subscription when it is made. SNS lists one of an email as pending until its receiver has confirmed it."""
    list_by_topic = SNSResponse.list_subscriptions_by_topic
    confirm = SNSResponse.confirm_subscription
    confirmed = set()

    def list_subscriptions_by_topic(self):
        answer = list_by_topic(self)
        pending = lambda one: one.protocol == "email" and one.topic.arn not in confirmed
        shown = [
            {
                "SubscriptionArn": "PendingConfirmation" if pending(one) else one.arn,
                "Owner": self.current_account,
                "Protocol": one.protocol,
                "Endpoint": one.endpoint,
                "TopicArn": one.topic.arn,
            }
            for one in answer.result["Subscriptions"]
        ]
        return ActionResult({**answer.result, "Subscriptions": shown})

    def confirm_subscription(self):
        answer = confirm(self)
        confirmed.add(self._get_param("TopicArn"))
        return answer

    SNSResponse.list_subscriptions_by_topic = list_subscriptions_by_topic
    SNSResponse.confirm_subscription = confirm_subscription


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
    return_attributes_of_topics,
    take_composite_alarms,
    return_smallest_transition,
    report_calls_of_kms,
    deliver_events_to_topics,
    name_resources_to_iam,
    leave_delivery_to_the_test,
    find_mappings_by_name,
    return_the_functions_vpc,
    find_the_log_group_of_flow_logs,
    simulate_principal_policy,
    return_lambda_quota,
    await_confirmation_of_emails,
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
