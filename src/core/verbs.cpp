#include "core/verbs.h"

namespace kith {

namespace {

constexpr VerbExtra common[] = {
    {"by", "text", "who does it"},
    {"ip", "ip", "the address that the act came from"},
    {"at", "datetime", "when it happened; default: now"},
    {"key", "text", "the host's own key: the same key for the same act is done once"},
    {"cause", "integer", "the event that led to it"},
};

constexpr VerbExtra expires = {"expires", "datetime", "when it ends; empty: never"};
constexpr VerbExtra consent = {"consent", "text", "the wording that was agreed to"};
constexpr VerbExtra reason = {"reason", "text", "why"};
constexpr VerbExtra confirmed = {"confirmed", "boolean", "it was confirmed elsewhere"};
constexpr VerbExtra via = {"via", "host|form|import|automation", "the way by which it came"};
constexpr VerbExtra left_via = {"via", "host|lead|form|import|automation", "the way by which it came"};
constexpr VerbExtra welcome = {"welcome", "boolean", "whether the list's welcome is asked for"};
constexpr VerbExtra of_put[] = {
    {"tag", "text", "a tag to assign in the same act; repeatable"},
    {"list", "text", "a list to subscribe to in the same act; repeatable"},
    consent,
    confirmed,
    via,
    welcome,
    {"fill_gaps", "boolean", "write only fields that are empty"},
    {"skip_null", "boolean", "a NULL leaves its field as it is"},
    {"create_only", "boolean", "leave leads alone that are there"},
    {"update_only", "boolean", "make no new leads"},
    {"source", "text", "the source of new leads whose row names none"},
    {"skip_read_only", "boolean", "pass over fields that Kith makes, so that what was read can be put back"},
};

const Verb verbs[] = {
    {"put", {of_put[0], of_put[1], of_put[2], of_put[3], of_put[4], of_put[5], of_put[6], of_put[7], of_put[8], of_put[9], of_put[10], of_put[11]}},
    {"put_many", {of_put[0], of_put[1], of_put[2], of_put[3], of_put[4], of_put[5], of_put[6], of_put[7], of_put[8], of_put[9], of_put[10], of_put[11]}},
    {"put_batch", {of_put[0], of_put[1], of_put[2], of_put[3], of_put[4], of_put[5], of_put[6], of_put[7], of_put[8], of_put[9], of_put[10], of_put[11]}},
    {"put_stream", {of_put[0], of_put[1], of_put[2], of_put[3], of_put[4], of_put[5], of_put[6], of_put[7], of_put[8], of_put[9], of_put[10], of_put[11]}},
    {"rename", {}},
    {"remove", {}},
    {"merge",
     {{"survivor", "older|lead|other", "who stays"}, {"fields", "fill|newer|other", "whose values stand"}}},
    {"unmerge", {}},
    {"erase", {{"suppress", "boolean", "keep a hash of the addresses suppressed"}}},
    {"suppress",
     {{"reason", "manual|hard_bounce|soft_bounce|complaint|erased|stop", "why"}, {"channel", "all|email|sms", "what it forbids"}, {"note", "text", "a remark"}}},
    {"unsuppress", {{"reason", "manual|hard_bounce|soft_bounce|complaint|erased|stop", "which reason is lifted"}, {"channel", "all|email|sms", "of which channel"}}},
    {"assign", {expires}},
    {"unassign", {}},
    {"assign_where", {expires}},
    {"unassign_where", {}},
    {"merge_tags", {}},
    {"subscribe", {consent, confirmed, via, welcome}},
    {"unsubscribe", {reason, left_via}},
    {"subscribe_where", {consent, confirmed, via, welcome}},
    {"unsubscribe_where", {reason, left_via}},
    {"report", {{"bounce", "hard|soft", "what kind of bounce"}, {"code", "text", "the gateway's status, such as 5.1.1"}, {"channel", "email|sms", "what it was sent by"}}},
    {"pause", {{"until", "datetime", "when messages may go out again"}, reason}},
    {"resume", {}},
    {"sms_received", {}},
    {"may_send", {{"channel", "email|sms", "by which way"}}},
    {"token", {{"list", "text", "the list that it is for"}, expires}},
    {"token_revoke", {}},
    {"confirm", {}},
    {"unsubscribe_by_token", {{"all", "boolean", "leave every list"}, reason}},
    {"set_preferences", {consent, reason}},
    {"record", {{"subject", "text", "what it was about"}}},
    {"record_many", {}},
};

}  // namespace

std::span<const VerbExtra> extras_of_every_verb() { return common; }
std::span<const Verb> all_verbs() { return verbs; }

}  // namespace kith
