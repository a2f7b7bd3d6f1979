"""The way of a change of a key to its topic, which moto 5.2.1 lacks."""

import json

from moto.cloudtrail.models import cloudtrail_backends
from moto.core.utils import utcnow
from moto.events.models import events_backends, Rule
from moto.events.utils import EventTemplateParser
from moto.kms.responses import KmsResponse
from moto.sns.models import sns_backends


def report_calls_of_kms():
    """moto's CloudTrail records nothing. AWS gives EventBridge each call that changes something, also a refused one, while a trail logs."""
    call = KmsResponse.call_action

    def call_action(self):
        status, headers, body = call(self)
        account, region, name = self.current_account, self.region, self._get_action()
        trails = cloudtrail_backends[account][region].trails.values()
        if not name.startswith(("Describe", "Get", "List")) and any(trail.status.is_logging for trail in trails):
            detail = {
                "userIdentity": {"type": "IAMUser", "arn": f"arn:aws:iam::{account}:user/somebody"},
                "eventTime": utcnow().strftime("%Y-%m-%dT%H:%M:%SZ"),
                "eventSource": "kms.amazonaws.com",
                "eventName": name,
                "requestParameters": {key[0].lower() + key[1:]: value for key, value in json.loads(self.body).items()},
                **({} if status < 400 else {"errorCode": "Refused"}),
            }
            event = {"Source": "aws.kms", "DetailType": "AWS API Call via CloudTrail", "Detail": json.dumps(detail)}
            events_backends[account][region].put_events([event])
        return status, headers, body

    KmsResponse.call_action = call_action


def deliver_events_to_topics():
    """moto's EventBridge delivers to no topic, which is the target of every rule that has no schedule. For moto, each event matches one that has."""

    def send_to_targets(self, event, transform_input=True):
        if self.state != "ENABLED" or self.scheduled_expression or not self.event_pattern.matches_event(event):
            return
        for target in self.targets:
            transformer = target["InputTransformer"]
            message = EventTemplateParser.parse(transformer["InputTemplate"], transformer["InputPathsMap"], event)
            sns_backends[self.account_id][self.region_name].topics[target["Arn"]].publish(json.dumps(message))

    Rule.send_to_targets = send_to_targets
