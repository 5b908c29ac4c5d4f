#include <iostream>

#include "cli/commands.hpp"
#include "cli/duration.hpp"

namespace stator::cli {
namespace {

void print_value(const json::Value& value, const std::string& indent);

/// JSON for a person: members one a line, short lists too.
template <class Items, class Print>
void print_items(const Items& items, std::string_view brackets, const std::string& indent,
                 const Print& print) {
  if (items.empty()) {
    std::cout << brackets;
    return;
  }
  std::cout << brackets[0];
  const char* comma = "";
  for (const auto& item : items) {
    std::cout << comma << "\n" << indent << "  ";
    print(item);
    comma = ",";
  }
  std::cout << "\n" << indent << brackets[1];
}

void print_value(const json::Value& value, const std::string& indent) {
  if (value.is_object()) {
    print_items(value.get_object(), "{}", indent, [&](const auto& member) {
      std::cout << json::quote({member.key().data(), member.key().size()}) << ": ";
      print_value(member.value(), indent + "  ");
    });
  } else if (value.is_array()) {
    print_items(value.get_array(), "[]", indent,
                [&](const json::Value& item) { print_value(item, indent + "  "); });
  } else {
    std::cout << json::dump(value);
  }
}

/// Notes go to standard error, so that standard output is a policy document.
void print_notes(const json::Object& answer) {
  if (const json::Value* unused = json::find(answer, "UnusedActions");
      unused && unused->is_array() && !unused->get_array().empty()) {
    std::cerr << "allowed now and not seen:";
    for (const json::Value& action : unused->get_array()) {
      std::cerr << " " << json::find_string({{"a", action}}, "a").value_or("");
    }
    std::cerr << "\n";
  }
  const auto dropped = json::find_int(answer, "UsesDropped").value_or(0);
  if (dropped > 0) {
    std::cerr << dropped << " uses of all roles together were not remembered: there were too many "
              << "different ones\n";
  }
}

Result<void> run(const SuggestOptions& options) {
  json::Object input{{"RoleName", options.role}};
  if (!options.since.empty()) {
    const auto seconds = parse_seconds(options.since);
    if (!seconds || *seconds < 1) {
      return invalid("--since takes a time such as 90s, 30m, 1h or 7d, not '" + options.since +
                     "'");
    }
    input["SinceSeconds"] = *seconds;
  }
  STATOR_TRY(Connection connection, connect(options.target));
  const SystemClock clock;
  AwsClient client(std::move(connection), clock);
  STATOR_TRY(const auto answer, client.target("stator", "Stator.SuggestPolicy", input));
  const json::Value* policy = json::find(answer, "PolicyDocument");
  if (policy == nullptr || !policy->is_object()) {
    return not_found("the role " + options.role + " has not been seen to use any permission" +
                     (options.since.empty() ? "" : " in the last " + options.since));
  }
  print_value(*policy, "");
  std::cout << std::endl;
  print_notes(answer);
  return {};
}

}  // namespace

int suggest(const SuggestOptions& options) {
  const auto outcome = run(options);
  return outcome ? 0 : fail(outcome.error());
}

}  // namespace stator::cli
