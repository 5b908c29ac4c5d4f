#include "cli/api_list.hpp"

#include <algorithm>
#include <array>

#include "base/bytes.hpp"
#include "base/strings.hpp"

namespace stator::cli {
namespace {

/// Far above what an account may have; a server that never ends its pages is not believed.
constexpr std::size_t kPagesMax = 1'000;

std::string text(const json::Object& object, std::string_view name) {
  return json::find_string(object, name).value_or("");
}

const json::Object* nested(const json::Object& object, std::string_view name) {
  const json::Value* value = json::find(object, name);
  return value != nullptr && value->is_object() ? &value->get_object() : nullptr;
}

const json::Object* find_by(const std::vector<json::Object>& records, std::string_view member,
                            std::string_view value) {
  const auto at = std::find_if(records.begin(), records.end(), [&](const json::Object& record) {
    return json::find_string(record, member) == value;
  });
  return at == records.end() ? nullptr : &*at;
}

/// The function's name, with its version or alias, of an ARN or of the long form around one.
std::string function_name(std::string_view uri) {
  constexpr std::string_view kFunction = ":function:", kInvocations = "/invocations";
  const auto at = uri.rfind(kFunction);
  if (at == std::string_view::npos) return {};
  uri.remove_prefix(at + kFunction.size());
  if (uri.ends_with(kInvocations)) uri.remove_suffix(kInvocations.size());
  return std::string(uri);
}

std::string target_of(const ApiRecords& records, const json::Object& route) {
  constexpr std::string_view kIntegrations = "integrations/";
  const std::string target = text(route, "target");
  if (!target.starts_with(kIntegrations)) return "nothing";
  const json::Object* integration =
      find_by(records.integrations, "integrationId", target.substr(kIntegrations.size()));
  if (integration == nullptr) return "nothing";
  if (const auto subtype = json::find_string(*integration, "integrationSubtype")) return *subtype;
  const std::string uri = text(*integration, "integrationUri");
  if (const std::string function = function_name(uri); !function.empty()) return function;
  const std::string method = text(*integration, "integrationMethod");
  return method.empty() ? uri : method + " " + uri;
}

std::string door_of(const ApiRecords& records, const json::Object& route) {
  const std::string type = text(route, "authorizationType");
  if (type.empty() || type == "NONE") return "open";
  const json::Object* authorizer =
      find_by(records.authorizers, "authorizerId", text(route, "authorizerId"));
  return authorizer == nullptr ? type : type + " " + text(*authorizer, "name");
}

/// "10/s burst 5 (dev)" for each stage that sets a limit.
std::string limits_of(const ApiRecords& records, std::string_view route_key) {
  std::vector<std::string> limits;
  for (const json::Object& stage : records.stages) {
    const json::Object* all = nested(stage, "routeSettings");
    const std::array settings = {all == nullptr ? nullptr : nested(*all, route_key),
                                 nested(stage, "defaultRouteSettings")};
    const auto find = [&](std::string_view name) -> const json::Value* {
      for (const json::Object* one : settings) {
        const json::Value* value = one == nullptr ? nullptr : json::find(*one, name);
        if (value != nullptr && value->is_number()) return value;
      }
      return nullptr;
    };
    const json::Value* rate = find("throttlingRateLimit");
    const json::Value* burst = find("throttlingBurstLimit");
    if (rate == nullptr && burst == nullptr) continue;
    std::string limit;
    if (rate != nullptr) {
      std::string number = std::to_string(rate->to_number<double>());
      number.erase(number.find_last_not_of('0') + 1);
      if (number.ends_with('.')) number.pop_back();
      limit = number + "/s ";
    }
    if (burst != nullptr) limit += "burst " + json::dump(*burst) + " ";
    limits.push_back(limit + "(" + text(stage, "stageName") + ")");
  }
  return join(limits, ", ");
}

using Row = std::array<std::string, 4>;

std::string table(const std::vector<Row>& rows) {
  std::array<std::size_t, 4> widths{};
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string lines;
  for (const Row& row : rows) {
    std::string line = " ";
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += " " + row[i] + std::string(widths[i] - row[i].size() + 1, ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    lines += line + "\n";
  }
  return lines;
}

}  // namespace

Result<std::vector<json::Object>> list_records(AwsClient& client, const std::string& path) {
  std::vector<json::Object> records;
  std::string token;
  for (std::size_t i = 0; i < kPagesMax; ++i) {
    http::Request request{.method = "GET", .target = path};
    if (!token.empty()) request.target += "?nextToken=" + percent_encode(token);
    STATOR_TRY(const auto response, client.send("apigateway", std::move(request)));
    if (response.status >= 300) return error_of(response);
    STATOR_TRY(const json::Object page, json::parse_object(response.body));
    const json::Value* items = json::find(page, "items");
    if (items != nullptr && items->is_array()) {
      for (const json::Value& item : items->get_array()) {
        if (item.is_object()) records.push_back(item.get_object());
      }
    }
    token = text(page, "nextToken");
    if (token.empty()) return records;
  }
  return unavailable(path + " goes on without end");
}

Result<std::string> find_api(const std::vector<json::Object>& apis, const std::string& id_or_name) {
  if (find_by(apis, "apiId", id_or_name) != nullptr) return id_or_name;
  std::vector<std::string> ids;
  for (const json::Object& api : apis) {
    if (text(api, "name") == id_or_name) ids.push_back(text(api, "apiId"));
  }
  if (ids.size() == 1) return ids.front();
  if (ids.empty()) return not_found("there is no API of id or name " + id_or_name);
  return invalid("several APIs are named " + id_or_name + ": " + join(ids, ", "));
}

std::string describe(const ApiRecords& records) {
  std::string lines = text(records.api, "name") + "  " + text(records.api, "apiId") + "  " +
                      text(records.api, "apiEndpoint") + "\n";
  std::vector<std::string> stages;
  for (const json::Object& stage : records.stages) stages.push_back(text(stage, "stageName"));
  lines += "  stages: " + (stages.empty() ? "none" : join(stages, ", ")) + "\n";
  std::vector<Row> rows;
  for (const json::Object& route : records.routes) {
    const std::string key = text(route, "routeKey");
    rows.push_back(
        {key, "-> " + target_of(records, route), door_of(records, route), limits_of(records, key)});
  }
  std::sort(rows.begin(), rows.end());
  return lines + table(rows);
}

}  // namespace stator::cli
