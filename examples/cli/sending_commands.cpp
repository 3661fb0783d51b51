// What bears on sending: whether it is allowed, pauses, what gateways report, SMS that came in.
#include "command.h"

namespace kith_cli {
namespace {

Body may_send(Args& args) {
  const Text lead = args.word("LEAD", "To whom");
  const Text list = args.maybe("LIST", "Under which list; without it a transactional message");
  args.extra("--channel", "CHANNEL", "channel", "email (the default) or sms");
  return [=](Session& session) {
    return show_record(session, session.db().may_send(lead_name(*lead), list.optional(), session.extras));
  };
}

Body pause(Args& args) {
  const Text lead = args.word("LEAD", "Whom");
  const Text list = args.maybe("LIST", "Which list; without it all");
  args.extra_time("--until", "until", "When it ends: a time, or a span such as 30d", Direction::future);
  args.extra("--reason", "TEXT", "reason", "Why");
  return [=](Session& session) {
    return report(session, *lead + " paused on " + list.or_else("all lists"),
                  session.db().pause(lead_name(*lead), list.optional(), session.extras));
  };
}

Body resume(Args& args) {
  const Text lead = args.word("LEAD", "Whom");
  const Text list = args.maybe("LIST", "Which list; without it all");
  return [=](Session& session) {
    return report(session, *lead + " resumed on " + list.or_else("all lists"),
                  session.db().resume(lead_name(*lead), list.optional(), session.extras));
  };
}

Body report_delivery(Args& args) {
  const Text lead = args.word("LEAD", "Whose");
  const Text what = args.word("REPORT", "bounced, complained or delivered");
  const Text list = args.maybe("LIST", "Under which list it was sent; without it all");
  args.extra("--bounce", "TYPE", "bounce", "hard (the default) or soft");
  return [=](Session& session) {
    return report(session, *lead + " " + *what,
                  session.db().report(lead_name(*lead), list.optional(), *what, session.extras));
  };
}

Body sms_received(Args& args) {
  const Text phone = args.word("PHONE", "From which number");
  const Text text = args.word("TEXT", "What it said; STOP and START have effect");
  return [=](Session& session) {
    return report(session, "received from " + *phone,
                  session.db().sms_received(*phone, *text, session.extras));
  };
}

}  // namespace

std::span<const Command> sending_commands() {
  static const Command commands[] = {
      {"may-send", "Say whether a lead may be sent something, and why not",
       "kith may-send ada@example.com News", may_send},
      {"pause", "Send a lead nothing until a date", "kith pause ada@example.com News --until 30d", pause,
       true},
      {"resume", "End a pause",
       "kith pause ada@example.com News --until 30d\nkith resume ada@example.com News", resume, true},
      {"report", "Take in a gateway's report of a bounce or a complaint",
       "kith report bob@example.com bounced News", report_delivery, true},
      {"sms-received", "Take in an SMS; STOP forbids SMS to that number",
       "kith sms-received +46701740605 STOP", sms_received, true},
  };
  return commands;
}

}  // namespace kith_cli
