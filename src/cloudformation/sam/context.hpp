#pragma once

#include <functional>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "json/json.hpp"

/// What the parts of the transform share. One expansion owns one Context.
namespace stator::cloudformation::sam {

class HttpApi;

/// The resources that come out, in order, and what is known of the template as a whole.
struct Context {
  json::Object resources;
  /// The template's HttpApis by logical id, the implicit one among them. Not the owner.
  std::map<std::string, HttpApi*, std::less<>> http_apis;
};

inline constexpr std::string_view kImplicitApi = "ServerlessHttpApi";

/// "Transform … failed with: Invalid Serverless Application Specification document. …" as
/// ValidationError, about one resource.
[[nodiscard]] Error invalid_resource(std::string_view logical_id, std::string_view what);

/// One SAM resource: its logical id, Properties and the attributes that pass through (DependsOn,
/// Condition, DeletionPolicy, UpdateReplacePolicy, Metadata).
class Resource {
 public:
  /// kInvalid when Properties is not an object. `value` must outlive this.
  [[nodiscard]] static Result<Resource> read(std::string_view logical_id,
                                             const json::Object& value);

  [[nodiscard]] const std::string& id() const { return id_; }
  [[nodiscard]] const json::Object& properties() const { return *properties_; }
  /// Null when the template does not give it.
  [[nodiscard]] const json::Value* property(std::string_view name) const;
  /// kInvalid naming the first property that is not in `known`.
  [[nodiscard]] Result<void> allow_only(std::initializer_list<std::string_view> known) const;

  /// {"Type": type, "Properties": properties} with this resource's passing attributes.
  [[nodiscard]] json::Object derived(std::string_view type, json::Object properties) const;
  /// The same for a resource made beside this one: of the attributes only Condition passes.
  [[nodiscard]] json::Object companion(std::string_view type, json::Object properties) const;
  /// Of its attributes; null when the template does not give it.
  [[nodiscard]] const json::Value* condition() const { return whole_->if_contains("Condition"); }

 private:
  std::string id_;
  const json::Object* properties_ = nullptr;
  const json::Object* whole_ = nullptr;
};

/// CodeUri and ContentUri: "s3://bucket/key" or {Bucket, Key, Version} as {S3Bucket, S3Key, …}.
[[nodiscard]] Result<json::Object> s3_location(const Resource& resource, std::string_view property);

/// The digits that end a generated logical id, by what it is generated from.
[[nodiscard]] std::string id_digits(std::string_view source);

/// Tags as a list of {Key, Value}, with SAM's own mark first.
[[nodiscard]] Result<json::Array> tag_list(const Resource& resource, std::string_view mark);

[[nodiscard]] inline json::Value ref_to(std::string_view id) {
  return json::Object{{"Ref", json::String(id.data(), id.size())}};
}
[[nodiscard]] inline json::Value get_att(std::string_view id, std::string_view attribute) {
  return json::Object{
      {"Fn::GetAtt", json::Array{json::String(id.data(), id.size()),
                                 json::String(attribute.data(), attribute.size())}}};
}

/// The expansions, one file each.
[[nodiscard]] Result<void> apply_globals(json::Object& template_body);
[[nodiscard]] Result<void> expand_function(const Resource& resource, Context& context);
/// Whether a function has an HttpApi event that names no API and so needs the implicit one.
[[nodiscard]] bool needs_implicit_api(const json::Object& resources);
/// A mapping of a table's stream, `<Function><Event>`.
[[nodiscard]] Result<void> expand_dynamodb_event(const Resource& function,
                                                 std::string_view event_id,
                                                 const json::Object& event, Context& context);
/// Whether the function's role must be able to read streams.
[[nodiscard]] bool has_dynamodb_event(const Resource& function);
/// An HttpApi's Domain: a DomainName, and an ApiMapping for each base path.
[[nodiscard]] Result<void> expand_domain(const Resource& api, const std::string& stage_id,
                                         const json::Object& tags, Context& context);
[[nodiscard]] Result<void> expand_http_event(const Resource& function, std::string_view event_id,
                                             const json::Object& event, Context& context);
[[nodiscard]] Result<void> expand_layer_version(const Resource& resource, std::string_view new_id,
                                                Context& context);
[[nodiscard]] Result<void> expand_simple_table(const Resource& resource, Context& context);
/// The function's generated role, `<Function>Role`.
[[nodiscard]] Result<json::Object> function_role(const Resource& function);

/// `<Layer><first ten hex digits of a hash of the resource>`, so that a changed layer is a new one.
[[nodiscard]] std::string layer_id(std::string_view logical_id, const json::Object& resource);

}  // namespace stator::cloudformation::sam
