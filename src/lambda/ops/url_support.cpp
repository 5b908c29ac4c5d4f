#include "lambda/ops/url_support.hpp"

#include <algorithm>
#include <array>

#include "aws/tag_keys.hpp"
#include "base/time_format.hpp"
#include "lambda/errors.hpp"
#include "lambda/needs.hpp"
#include "lambda/urls/address.hpp"

namespace stator::lambda::ops {
namespace {

constexpr std::size_t kListMax = 100;
constexpr std::size_t kMethodsMax = 6;
constexpr std::size_t kHeaderMax = 1'024;
constexpr std::size_t kOriginMax = 253;
constexpr std::int64_t kMaxAgeMax = 86'400;

/// A list of texts in Cors and its bounds.
struct TextList {
  std::string_view member;
  std::string_view path;  ///< as errors name it
  std::size_t count_max;
  std::size_t length_max;
  std::vector<std::string> UrlCors::*into;
};

constexpr std::array<TextList, 4> kLists = {{
    {"AllowHeaders", "cors.allowHeaders", kListMax, kHeaderMax, &UrlCors::allow_headers},
    {"AllowMethods", "cors.allowMethods", kMethodsMax, 6, &UrlCors::allow_methods},
    {"AllowOrigins", "cors.allowOrigins", kListMax, kOriginMax, &UrlCors::allow_origins},
    {"ExposeHeaders", "cors.exposeHeaders", kListMax, kHeaderMax, &UrlCors::expose_headers},
}};

/// What is written into a header must stay one line.
bool is_printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

Result<void> check_method(const std::string& method) {
  constexpr std::array<std::string_view, 7> kMethods = {"GET",   "PUT",    "HEAD", "POST",
                                                        "PATCH", "DELETE", "*"};
  if (std::find(kMethods.begin(), kMethods.end(), method) != kMethods.end()) return {};
  return constraint_failed(method, "cors.allowMethods",
                           "satisfy enum value set: [GET, PUT, HEAD, POST, PATCH, DELETE, *]");
}

Result<void> read_list(const aws::Input& cors, const TextList& list, UrlCors& into) {
  STATOR_TRY(auto texts, cors.text_list(list.member));
  if (texts.size() > list.count_max) {
    return constraint_failed("[...]", list.path,
                             "have length less than or equal to " + std::to_string(list.count_max));
  }
  for (const std::string& text : texts) {
    if (text.size() > list.length_max || text.empty() || !is_printable(text)) {
      return constraint_failed(
          text, list.path,
          "satisfy constraint: [Member must be printable text of length 1 to " +
              std::to_string(list.length_max) + "]");
    }
    if (list.into == &UrlCors::allow_methods) STATOR_TRY_VOID(check_method(text));
  }
  into.*list.into = std::move(texts);
  return {};
}

bool is_empty(const UrlCors& cors) {
  return !cors.allow_credentials && cors.max_age_s == 0 &&
         std::all_of(kLists.begin(), kLists.end(),
                     [&](const TextList& list) { return (cors.*list.into).empty(); });
}

/// An empty structure is how clients take CORS away.
Result<std::optional<UrlCors>> read_cors(const aws::Input& structure) {
  STATOR_TRY_VOID(structure.allow_only({"AllowCredentials", "AllowHeaders", "AllowMethods",
                                        "AllowOrigins", "ExposeHeaders", "MaxAge"}));
  UrlCors cors;
  STATOR_TRY(const auto credentials, structure.boolean("AllowCredentials"));
  cors.allow_credentials = credentials.value_or(false);
  STATOR_TRY(const auto max_age, structure.integer("MaxAge"));
  cors.max_age_s = max_age.value_or(0);
  if (cors.max_age_s < 0 || cors.max_age_s > kMaxAgeMax) {
    return constraint_failed(std::to_string(cors.max_age_s), "cors.maxAge",
                             cors.max_age_s < 0 ? "have value greater than or equal to 0"
                                                : "have value less than or equal to 86400");
  }
  for (const TextList& list : kLists) STATOR_TRY_VOID(read_list(structure, list, cors));
  return is_empty(cors) ? std::optional<UrlCors>() : std::optional(std::move(cors));
}

json::Object render_cors(const UrlCors& cors) {
  json::Object out;
  if (cors.allow_credentials) out["AllowCredentials"] = true;
  for (const TextList& list : kLists) {
    if (!(cors.*list.into).empty()) out[list.member] = encode_texts(cors.*list.into);
  }
  if (cors.max_age_s != 0) out["MaxAge"] = cors.max_age_s;
  return out;
}

std::string_view auth_type(const UrlConfig& url) {
  return url.needs_signature ? "AWS_IAM" : "NONE";
}

}  // namespace

Result<UrlTarget> read_url_target(const aws::Call& call, const aws::Input& input) {
  STATOR_TRY(auto reference, read_reference(call, input));
  const std::string& qualifier = reference.qualifier;
  const bool is_number =
      !qualifier.empty() &&
      std::all_of(qualifier.begin(), qualifier.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (is_number || qualifier == kLatest) {
    return constraint_failed(qualifier, "qualifier",
                             R"(satisfy regular expression pattern: ((?!^\d+$)^[0-9a-zA-Z-_]+$))");
  }
  std::string key = qualifier.empty() ? std::string(kLatest) : qualifier;
  return UrlTarget{std::move(reference), std::move(key)};
}

Result<void> read_url(const aws::Input& input, UrlConfig& url) {
  STATOR_TRY(const auto auth, input.text("AuthType"));
  if (auth && auth != "NONE" && auth != "AWS_IAM") {
    return constraint_failed(*auth, "authType", "satisfy enum value set: [NONE, AWS_IAM]");
  }
  STATOR_TRY(const auto mode, input.text("InvokeMode"));
  if (mode && mode != "BUFFERED" && mode != "RESPONSE_STREAM") {
    return constraint_failed(*mode, "invokeMode",
                             "satisfy enum value set: [BUFFERED, RESPONSE_STREAM]");
  }
  STATOR_TRY(const auto* cors, input.object("Cors"));
  if (auth) url.needs_signature = *auth == "AWS_IAM";
  if (mode) url.is_streaming = *mode == "RESPONSE_STREAM";
  if (cors != nullptr) {
    STATOR_TRY(url.cors, read_cors(input.nested(*cors)));
  }
  return {};
}

json::Object render_url(const FunctionKey& key, std::string_view qualifier, const UrlConfig& url,
                        std::string_view authority) {
  std::string arn = function_arn(key.view());
  if (qualifier != kLatest) arn.append(":").append(qualifier);
  json::Object out{{"FunctionUrl", urls::make_url(url.id, key.region, authority)},
                   {"FunctionArn", std::move(arn)},
                   {"AuthType", std::string(auth_type(url))},
                   {"InvokeMode", url.is_streaming ? "RESPONSE_STREAM" : "BUFFERED"},
                   {"CreationTime", iso8601_ms(url.created)},
                   {"LastModifiedTime", iso8601_ms(url.last_modified)}};
  if (url.cors) out["Cors"] = render_cors(*url.cors);
  return out;
}

aws::Operation::JsonNeeds needs_url(Functions& functions, std::string action) {
  return [&functions, action = std::move(action)](const aws::Call& call,
                                                  const aws::Input& input) -> Result<aws::Needs> {
    STATOR_TRY(const auto target, read_url_target(call, input));
    STATOR_TRY(const auto asked, input.text("AuthType"));
    auto record = functions.catalog().find(target.reference.key.view());
    const auto settings = functions.catalog().settings(target.reference.key.view());
    std::string auth = asked.value_or("");
    if (auth.empty() && settings) {
      const auto url = settings->urls.find(target.qualifier);
      if (url != settings->urls.end()) auth = auth_type(url->second);
    }
    aws::Permission need{action, target.reference.arn()};
    if (record) need.resource_policy = record->compiled_policy;
    need.keys = [record, auth = std::move(auth)] {
      aws::ConditionKeys keys;
      if (record) aws::append_resource_tags(record->tags, keys);
      if (!auth.empty()) keys.push_back({"lambda:FunctionUrlAuthType", {auth}});
      return keys;
    };
    return aws::Needs{std::move(need)};
  };
}

Error url_missing() {
  return resource_missing("The resource you requested does not exist.");
}

}  // namespace stator::lambda::ops
