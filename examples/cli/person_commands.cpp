// A person's rights over their data - erasing, exporting, proof of consent - and who must not be contacted.
#include <cstdio>
#include <nlohmann/json.hpp>

#include "command.h"
#include "terminal.h"

namespace kith_cli {
namespace {

// A JSON document: broken into lines, but for --jsonl.
int show_document(const Session& session, const std::string& document) {
  const auto parsed = nlohmann::ordered_json::parse(document, nullptr, false);
  if (session.style.form == Form::jsonl || parsed.is_discarded())
    write_json(session.style, document);
  else
    write_json(session.style, parsed.dump(2));
  return 0;
}

bool confirmed(const std::string& question) {
  if (!stdin_is_terminal() || !stderr_is_terminal()) return true;
  std::fprintf(stderr, "%s [y/N] ", harmless(question).c_str());
  const int answer = std::getchar();
  return answer == 'y' || answer == 'Y';
}

Body erase(Args& args) {
  const Text lead = args.word("LEAD", "Whom");
  args.extra_flag("--suppress", "suppress",
                  "Keep a hash of the addresses, so that nobody writes to them again");
  const Flag yes = args.flag("--yes", "Do not ask on a terminal");
  return [=](Session& session) {
    if (!yes && !confirmed("Erase all personal data of " + *lead + "? It cannot be undone."))
      throw Failed("nothing was erased");
    const kith::Erased erased = session.db().erase(lead_name(*lead), session.extras);
    MadeGrid grid{{"event", "id"}, {"pending", "boolean"}};
    grid.row().integer(erased.event).integer(erased.pending ? 1 : 0);
    std::string sentence = "erased " + *lead + " (event " + std::to_string(erased.event) + ")";
    if (erased.pending) sentence += "; a reader still holds old pages, \"kith run\" finishes it";
    write_done(session.style, sentence, grid);
    return 0;
  };
}

Body export_lead(Args& args) {
  const Text lead = args.word("LEAD", "Whose data");
  return [=](Session& session) { return show_document(session, session.db().export_lead(lead_name(*lead))); };
}

Body consent_proof(Args& args) {
  const Text lead = args.word("LEAD", "Whose consent");
  return
      [=](Session& session) { return show_document(session, session.db().consent_proof(lead_name(*lead))); };
}

Body my_data(Args& args) {
  const Text token = args.word("TOKEN", "A token made for \"data\"");
  return [=](Session& session) { return show_document(session, session.db().my_data(*token)); };
}

Body suppress(Args& args) {
  const Text target =
      args.word("TARGET", "An address, a domain (@example.com) or a phone (tel:+46701234567)");
  args.extra("--reason", "REASON", "reason", "hard_bounce, complaint, manual (the default), erased or stop");
  args.extra("--channel", "CHANNEL", "channel", "email, sms or all (the default)");
  args.extra("--note", "TEXT", "note", "Why, in your words");
  return [=](Session& session) {
    return report(session, "suppressed " + *target, session.db().suppress(*target, session.extras));
  };
}

Body unsuppress(Args& args) {
  const Text target = args.word("TARGET", "What was suppressed");
  args.extra("--reason", "REASON", "reason", "Which reason to lift: manual, unless given; others stay");
  args.extra("--channel", "CHANNEL", "channel", "email, sms or all (the default)");
  return [=](Session& session) {
    return report(session, "lifted the suppression of " + *target,
                  session.db().unsuppress(*target, session.extras));
  };
}

}  // namespace

std::span<const Command> person_commands() {
  static const Command commands[] = {
      {"erase", "Erase all personal data of a lead, for ever", "kith erase bob@example.com --suppress", erase,
       true},
      {"export-lead", "Print all that is known of a lead, as JSON", "kith export-lead ada@example.com",
       export_lead},
      {"consent-proof", "Print every act of consent of a lead, as JSON", "kith consent-proof ada@example.com",
       consent_proof},
      {"my-data", "The same as export-lead, for the holder of a token",
       "kith my-data $(kith token ada@example.com data --no-header --columns token)", my_data},
      {"suppress", "Forbid contact with an address, a domain or a phone",
       "kith suppress @competitor.example --note \"Asked us to stop\"", suppress, true},
      {"unsuppress", "Lift one reason of a suppression",
       "kith suppress bob@example.com\nkith unsuppress bob@example.com", unsuppress, true},
  };
  return commands;
}

}  // namespace kith_cli
