#include <iostream>

#include "cli/commands.hpp"
#include "cli/template_place.hpp"

namespace stator::cli {
namespace {

std::string text(const json::Object& object, std::string_view name) {
  return json::find_string(object, name).value_or("");
}

/// The role that an ARN names, without its path; "" when it is none.
std::string role_of(std::string_view arn) {
  const auto role = arn.find(":role/");
  return role == std::string_view::npos ? std::string()
                                        : std::string(arn.substr(arn.rfind('/') + 1));
}

std::string joined(const json::Value& values) {
  if (!values.is_array()) return "(the request does not have it)";
  std::string line;
  for (const json::Value& value : values.get_array()) {
    if (!line.empty()) line += ", ";
    line += value.is_string() ? json::view(value.get_string()) : json::dump(value);
  }
  return line;
}

/// "file.yaml:12 (resource Hello of stack items)"
std::string to_text(const TemplatePlace& place) {
  const std::string resource = "resource " + place.logical_id + " of stack " + place.stack;
  const std::string line = place.line > 0 ? std::to_string(place.line) : "";
  if (!place.file.empty())
    return place.file + (line.empty() ? "" : ":" + line) + " (" + resource + ")";
  return resource +
         (line.empty() ? "" : ", line " + line + " of the template that the stack keeps");
}

class Explanation {
 public:
  explicit Explanation(AwsClient& client) : places_(client) {}

  void print(const json::Object& denial) {
    const json::Value* enforced = json::find(denial, "isEnforced");
    const bool is_enforced = enforced == nullptr || !enforced->is_bool() || enforced->get_bool();
    role_ = role_of(text(denial, "owner"));
    std::cout << (is_enforced ? "denied" : "would be denied (--auth audit let it pass)") << "  "
              << text(denial, "time") << "\n  " << text(denial, "message") << "\n\n"
              << "principal  " << text(denial, "principal") << "\n"
              << "action     " << text(denial, "action") << "\n"
              << "resource   " << text(denial, "resource") << "\n";
    print_reason(denial);
    print_keys(denial);
  }

 private:
  void print_reason(const json::Object& denial) {
    if (const json::Value* by = json::find(denial, "decidedBy"); by && by->is_object()) {
      std::cout << "\nthe statement that denies it\n";
      print_statement(by->get_object());
      return;
    }
    const json::Value* nearest = json::find(denial, "nearest");
    if (nearest == nullptr || !nearest->is_array() || nearest->get_array().empty()) {
      std::cout << "\nno statement comes near: none speaks of this service\n";
      return;
    }
    std::cout << "\nthe statements that come nearest to allowing it\n";
    for (const json::Value& miss : nearest->get_array()) {
      if (miss.is_object()) print_statement(miss.get_object());
    }
  }

  void print_statement(const json::Object& statement) {
    const std::string policy = text(statement, "policy"), sid = text(statement, "sid");
    const std::int64_t number = json::find_int(statement, "statement").value_or(1);
    std::cout << "  statement " << number << (sid.empty() ? "" : " (" + sid + ")")
              << (policy.empty() ? " of the resource's policy" : " of policy " + policy) << ", "
              << text(statement, "policyType") << "\n";
    if (const json::Value* misfits = json::find(statement, "misfits");
        misfits && misfits->is_array()) {
      for (const json::Value& misfit : misfits->get_array()) {
        if (misfit.is_string()) std::cout << "    " << json::view(misfit.get_string()) << "\n";
      }
    }
    if (role_.empty() || policy.empty()) return;
    const auto place = places_.find({role_, policy, static_cast<std::size_t>(number)});
    if (place && *place) std::cout << "    at " << to_text(**place) << "\n";
    if (!place) {
      std::cout << "    (whether a template made it is not known: " << place.error().message
                << ")\n";
    }
  }

  static void print_keys(const json::Object& denial) {
    const json::Value* keys = json::find(denial, "conditionKeys");
    if (keys == nullptr || !keys->is_object() || keys->get_object().empty()) return;
    std::cout << "\nthe condition keys that policies asked for\n";
    for (const auto& key : keys->get_object()) {
      std::cout << "  " << std::string_view(key.key().data(), key.key().size()) << " = "
                << joined(key.value()) << "\n";
    }
  }

  TemplatePlaces places_;
  std::string role_;
};

/// A call that the audit log knows and that no policy denied.
void print_record(const json::Object& record) {
  const std::string code = text(record, "errorCode");
  std::cout << (code.empty() ? "not denied" : "not denied by a policy: " + code) << "  "
            << text(record, "eventTime") << "\n";
  if (!code.empty()) std::cout << "  " << text(record, "errorMessage") << "\n";
  std::cout << "\n" << json::dump(record) << "\n";
}

Result<void> run(const ExplainOptions& options) {
  STATOR_TRY(Connection connection, connect(options.target));
  const SystemClock clock;
  AwsClient client(std::move(connection), clock);
  STATOR_TRY(const auto answer,
             client.target("stator", "Stator.Explain", {{"RequestId", options.request_id}}));
  if (const json::Value* denial = json::find(answer, "Denial"); denial && denial->is_object()) {
    Explanation(client).print(denial->get_object());
  } else if (const json::Value* record = json::find(answer, "Record");
             record && record->is_object()) {
    print_record(record->get_object());
  }
  std::cout.flush();
  return {};
}

}  // namespace

int explain(const ExplainOptions& options) {
  const auto outcome = run(options);
  return outcome ? 0 : fail(outcome.error());
}

}  // namespace stator::cli
