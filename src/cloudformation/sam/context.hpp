#pragma once

#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "cloudformation/places.hpp"
#include "cloudformation/sam/expand.hpp"
#include "cloudformation/sam/intrinsics.hpp"
#include "json/json.hpp"

/// What the parts of the transform share. One expansion owns one Context.
namespace stator::cloudformation::sam {

class HttpApi;

/// The resources that come out, in order, and what is known of the template as a whole.
struct Context {
  const Values& values;              ///< of parameters
  const json::Object& declared;      ///< the template's resources, globals merged in
  json::Object resources = {};       ///< what has come out so far
  json::Object new_conditions = {};  ///< that the template gains
  /// The template's HttpApis by logical id, the implicit one among them. Not the owner.
  std::map<std::string, HttpApi*, std::less<>> http_apis = {};
  /// Logical ids of generated resources by what a template calls them: "Function.Alias".
  std::map<std::string, std::string, std::less<>> references = {};
  /// Resources that come out under another logical id.
  std::map<std::string, std::string, std::less<>> new_ids = {};
};

inline constexpr std::string_view kImplicitApi = "ServerlessHttpApi";

/// "Transform ... failed with: Invalid Serverless Application Specification document. ..." as
/// ValidationError, about one resource. `inside` leads to the place in the resource.
[[nodiscard]] Error invalid_resource(std::string_view logical_id, std::string_view what,
                                     const Place& inside = {});

/// One SAM resource: its logical id, Properties and attributes.
class Resource {
 public:
  /// kInvalid when Properties is not an object. `value` must outlive this.
  [[nodiscard]] static Result<Resource> read(std::string_view logical_id,
                                             const json::Object& value);

  [[nodiscard]] const std::string& id() const { return id_; }
  [[nodiscard]] const json::Object& properties() const { return *properties_; }
  /// Null when the template does not give it, or gives null.
  [[nodiscard]] const json::Value* property(std::string_view name) const;
  /// kInvalid naming the first property that is not in `known`.
  [[nodiscard]] Result<void> allow_only(std::initializer_list<std::string_view> known) const;
  /// About one of its properties.
  [[nodiscard]] Error invalid_property(std::string_view name, std::string_view what) const;

  /// {"Type": type, "Properties": properties} with this resource's attributes: DependsOn,
  /// Condition, DeletionPolicy, UpdateReplacePolicy, UpdatePolicy, Metadata.
  [[nodiscard]] json::Object derived(std::string_view type, json::Object properties) const;
  /// The same for a resource made beside this one: Condition, DeletionPolicy and
  /// UpdateReplacePolicy pass.
  [[nodiscard]] json::Object companion(std::string_view type, json::Object properties) const;
  /// Of its attributes; null when the template does not give it.
  [[nodiscard]] const json::Value* attribute(std::string_view name) const;
  [[nodiscard]] const json::Value* condition() const { return attribute("Condition"); }
  /// Attributes that go before its own.
  void gain(json::Object attributes) { gained_ = std::move(attributes); }

 private:
  std::string id_;
  const json::Object* properties_ = nullptr;
  const json::Object* whole_ = nullptr;
  json::Object gained_;
};

/// A member of an object that is there and not null, else null.
[[nodiscard]] const json::Value* given(const json::Object& object, std::string_view name);

/// CodeUri and ContentUri: "s3://bucket/key?versionId=v" or {Bucket, Key, Version} as {S3Bucket,
/// S3Key, S3ObjectVersion}.
[[nodiscard]] Result<json::Object> s3_location(const Resource& resource, std::string_view property);
/// The same text as {Bucket, Key, Version}; nothing for what is none.
[[nodiscard]] std::optional<json::Object> parse_s3_uri(std::string_view uri);

/// A map of tags as a list of {Key, Value}.
[[nodiscard]] json::Array tag_list(const json::Object& tags);
/// The Tags property as such a list with SAM's own mark first.
[[nodiscard]] Result<json::Array> marked_tags(const Resource& resource);

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
[[nodiscard]] bool needs_implicit_api(const Resource& function);
/// Tells the APIs of the function's HttpApi events, before any function is expanded.
[[nodiscard]] Result<void> declare_http_events(const Resource& function, Context& context);
/// Takes the Connectors attributes off the resources and puts AWS::Serverless::Connector resources
/// in their place.
[[nodiscard]] Result<void> embed_connectors(json::Object& resources);
/// After all other resources.
[[nodiscard]] Result<void> expand_connector(const Resource& connector, Context& context);
/// An HttpApi's Domain: a DomainName, and an ApiMapping for each base path.
[[nodiscard]] Result<void> expand_domain(const Resource& api, const std::string& stage_id,
                                         const json::Object& tags, Context& context);
[[nodiscard]] Result<void> expand_layer_version(const Resource& resource, Context& context);
[[nodiscard]] Result<void> expand_simple_table(const Resource& resource, Context& context);

}  // namespace stator::cloudformation::sam
