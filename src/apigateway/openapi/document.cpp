#include "apigateway/openapi/document.hpp"

#include "apigateway/errors.hpp"
#include "json/deep.hpp"
#include "json/yaml.hpp"

namespace stator::apigateway::openapi {
namespace {

/// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
constexpr std::size_t kBytesMax = 6u << 20;
constexpr std::size_t kNotesMax = 100;

void add(std::vector<std::string>& notes, std::string what) {
  if (notes.size() < kNotesMax) notes.push_back(std::move(what));
}

}  // namespace

void Notes::warn(std::string what) {
  add(warnings, std::move(what));
}
void Notes::inform(std::string what) {
  add(info, std::move(what));
}

Error fault(std::string_view place, std::string_view what) {
  return bad_request("Invalid OpenAPI input: attribute " + std::string(place) + " " +
                     std::string(what));
}

Result<const json::Object*> object_at(const json::Object& object, std::string_view name,
                                      std::string_view place) {
  const json::Value* value = json::find(object, name);
  if (value == nullptr || value->is_null()) return nullptr;
  if (!value->is_object()) return fault(place, "is not of type `object`");
  return &value->get_object();
}

Result<json::Object> read_document(std::string_view text) {
  if (text.size() > kBytesMax) {
    return bad_request("The OpenAPI definition is larger than " + std::to_string(kBytesMax) +
                       " bytes");
  }
  const auto first = text.find_first_not_of(" \t\r\n");
  const bool is_json = first != std::string_view::npos && text[first] == '{';
  auto value = is_json ? json::parse_deep(text) : json::parse_yaml(text);
  if (!value) return bad_request("Invalid OpenAPI input: " + value.error().message);
  if (!value->is_object()) return bad_request("Invalid OpenAPI input: it is not an object");
  json::Object document = std::move(value->get_object());
  if (document.contains("swagger")) {
    return bad_request("Swagger 2.0 definitions are not supported for HTTP APIs: OpenAPI 3.0 is");
  }
  const auto version = json::find_string(document, "openapi");
  if (!version) return fault("openapi", "is missing");
  if (*version != "3.0" && !version->starts_with("3.0.")) {
    return bad_request("OpenAPI " + *version + " is not supported: OpenAPI 3.0 is");
  }
  return document;
}

}  // namespace stator::apigateway::openapi
