#include "apigateway/openapi/request.hpp"

#include <set>

#include "apigateway/errors.hpp"
#include "aws/tag_keys.hpp"
#include "base/strings.hpp"

namespace stator::apigateway::openapi {
namespace {

Result<BasePath> base_path(const aws::Input& input) {
  STATOR_TRY(const auto given, input.text("basepath"));
  const std::string mode = to_lower(given.value_or("ignore"));
  if (mode == "ignore") return BasePath::kIgnore;
  if (mode == "prepend") return BasePath::kPrepend;
  if (mode == "split") return BasePath::kSplit;
  return bad_request("Invalid basepath specified. Must be one of [ignore, prepend, split]");
}

/// A query parameter beside a JSON body, so it may come as text.
Result<bool> fails_on_warnings(const aws::Input& input) {
  const json::Value* given = json::find(input.members(), "failOnWarnings");
  if (given == nullptr || given->is_null() || *given == json::Value("false")) return false;
  if (*given == json::Value("true")) return true;
  STATOR_TRY(const auto flag, input.boolean("failOnWarnings"));
  return flag.value_or(false);
}

/// Every role that the document names, once.
std::set<std::string> roles_of(const Imported& imported) {
  std::set<std::string> roles;
  for (const ImportedPart& part : imported.integrations) {
    if (const auto role = json::find_string(part.input, "credentialsArn")) roles.insert(*role);
  }
  for (const ImportedPart& part : imported.authorizers) {
    const auto role = json::find_string(part.input, "authorizerCredentialsArn");
    if (role) roles.insert(*role);
  }
  roles.erase("");
  return roles;
}

json::Array texts(const std::vector<std::string>& list) {
  json::Array array;
  for (const std::string& text : list) array.push_back(json::Value(text));
  return array;
}

}  // namespace

Result<Imported> read_request(const aws::Call& call, const aws::Input& input) {
  STATOR_TRY_VOID(input.allow_only({"apiId", "body", "basepath", "failOnWarnings"}));
  STATOR_TRY(const std::string body, input.required_text("body"));
  STATOR_TRY(const BasePath mode, base_path(input));
  STATOR_TRY(const bool is_strict, fails_on_warnings(input));
  STATOR_TRY(const json::Object document, read_document(body));
  STATOR_TRY(Imported imported, import_document(document, {mode, call.account, call.region}));
  if (is_strict && !imported.notes.warnings.empty()) {
    return bad_request("Warnings found during import:\n\t" + join(imported.notes.warnings, "\n\t"));
  }
  return imported;
}

aws::Operation::JsonNeeds with_document(aws::Operation::JsonNeeds needs) {
  return [needs = std::move(needs)](const aws::Call& call,
                                    const aws::Input& input) -> Result<aws::Needs> {
    STATOR_TRY(aws::Needs wanted, needs(call, input));
    // A document that cannot be read asks for nothing; the operation says what is wrong with it.
    const auto document = read_document(json::find_string(input.members(), "body").value_or(""));
    if (!document) return wanted;
    const auto imported =
        import_document(*document, {BasePath::kIgnore, call.account, call.region});
    if (!imported) return wanted;
    if (const json::Value* tags = json::find(imported->api, "tags")) {
      wanted.front().keys = [given = wanted.front().keys, members = json::Object{{"tags", *tags}}] {
        aws::ConditionKeys keys = given();
        aws::append_request_tags(aws::Input(members), "tags", "tagKeys", keys);
        return keys;
      };
    }
    for (const std::string& role : roles_of(*imported)) {
      wanted.push_back(
          {"iam:PassRole", role, [] {
             return aws::ConditionKeys{{"iam:PassedToService", {"apigateway.amazonaws.com"}}};
           }});
    }
    return wanted;
  };
}

json::Object with_notes(json::Object api, const Notes& notes) {
  if (!notes.warnings.empty()) api["warnings"] = texts(notes.warnings);
  if (!notes.info.empty()) api["importInfo"] = texts(notes.info);
  return api;
}

}  // namespace stator::apigateway::openapi
