// A newsletter in C++: people sign up, confirm by a link, and leave by another; the consent of each can be proved.
//
//     ./newsletter news.kith
#include <iostream>
#include <kith.hpp>
#include <string>

int main(int argc, char **argv) try {
  kith::Database crm(argc > 1 ? argv[1] : "news.kith");
  crm.put("list", {{"name", "News"}, {"public_name", "Monthly news"}, {"opt_in", "double"}});

  const std::string wording = "Yes, send me the monthly news";
  for (const char *email : {"ada@example.com", "grace@example.com", "linus@example.com"}) {
    crm.put("lead", {{"email", email}, {"source", "sign-up page"}});
    crm.subscribe(email, "News", {{"via", "form"}, {"consent", wording}, {"ip", "192.0.2.7"}});
  }

  // The page behind the link of the confirmation message: looking changes nothing, confirming does.
  auto link = [&](const char *email, const char *purpose) {
    return std::string(crm.token(email, purpose, {{"list", "News"}})["token"].text());
  };
  crm.confirm(link("ada@example.com", "confirm"), {{"ip", "192.0.2.7"}});
  crm.confirm(link("grace@example.com", "confirm"));
  crm.unsubscribe_by_token(link("grace@example.com", "unsubscribe"), {{"reason", "too many mails"}});

  for (auto subscription : crm.find("subscription", {.columns = "lead, state"}))
    std::cout << "lead " << subscription["lead"].integer() << " is " << subscription["state"].text() << "\n";
  std::cout << crm.count("lead", {.where = "list 'News'"}) << " on the list\n";
} catch (const kith::Error &error) {
  std::cerr << error.what() << "\n";
  return 1;
}
