#include <algorithm>

#include "cloudformation/resources/iam.hpp"
#include "cloudformation/resources/resources.hpp"
#include "cloudformation/resources/shared.hpp"

/// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-oidcprovider.html
namespace stator::cloudformation::resources {
namespace {

using namespace iam;

constexpr const char* kArn = "OpenIDConnectProviderArn";

Result<void> create(ResourceContext& context, const json::Object& properties) {
  json::Object input = renamed(
      properties,
      {{"Url", "Url"}, {"ClientIdList", "ClientIDList"}, {"ThumbprintList", "ThumbprintList"}});
  if (const auto tags = tags_of(context, properties); !tags.empty()) input["Tags"] = tag_list(tags);
  STATOR_TRY(const json::Object made,
             context.api.call(kService, "CreateOpenIDConnectProvider", std::move(input)));
  const std::string arn = text_of(made, kArn);
  return context.exists({arn, {{"Arn", arn}}, properties});
}

Result<void> remove(ResourceContext& context, const Existing& provider) {
  return gone(
      context.api.call(kService, "DeleteOpenIDConnectProvider", {{kArn, provider.physical_id}}));
}

Result<void> update_clients(ResourceContext& context, const Existing& provider,
                            const json::Object& properties) {
  const auto old = texts_at(provider.properties, "ClientIdList");
  const auto wanted = texts_at(properties, "ClientIdList");
  const auto missing_in = [](const std::vector<std::string>& list, const std::string& id) {
    return std::find(list.begin(), list.end(), id) == list.end();
  };
  for (const std::string& id : wanted) {
    if (!missing_in(old, id)) continue;
    STATOR_TRY_VOID(context.api.call(kService, "AddClientIDToOpenIDConnectProvider",
                                     {{kArn, provider.physical_id}, {"ClientID", id}}));
  }
  for (const std::string& id : old) {
    if (!missing_in(wanted, id)) continue;
    STATOR_TRY_VOID(context.api.call(kService, "RemoveClientIDFromOpenIDConnectProvider",
                                     {{kArn, provider.physical_id}, {"ClientID", id}}));
  }
  return {};
}

Result<void> update(ResourceContext& context, const Existing& provider,
                    const json::Object& properties) {
  STATOR_TRY_VOID(update_clients(context, provider, properties));
  if (differs(provider.properties, properties, "ThumbprintList")) {
    json::Object input{{kArn, provider.physical_id}, {"ThumbprintList", json::Array()}};
    merge(input, picked(properties, {"ThumbprintList"}));
    STATOR_TRY_VOID(
        context.api.call(kService, "UpdateOpenIDConnectProviderThumbprint", std::move(input)));
  }
  TagChange change = tag_change(context, provider, properties);
  if (!change.dropped.empty()) {
    STATOR_TRY_VOID(
        context.api.call(kService, "UntagOpenIDConnectProvider",
                         {{kArn, provider.physical_id}, {"TagKeys", std::move(change.dropped)}}));
  }
  if (!change.set.empty()) {
    STATOR_TRY_VOID(
        context.api.call(kService, "TagOpenIDConnectProvider",
                         {{kArn, provider.physical_id}, {"Tags", tag_list(change.set)}}));
  }
  return context.exists({provider.physical_id, provider.attributes, properties});
}

Result<json::Object> read(ResourceContext& context, const Existing& provider) {
  STATOR_TRY(const json::Object answer, context.api.call(kService, "GetOpenIDConnectProvider",
                                                         {{kArn, provider.physical_id}}));
  json::Object real =
      renamed(answer, {{"ClientIDList", "ClientIdList"}, {"ThumbprintList", "ThumbprintList"}});
  real["Tags"] = real_tags(context, provider.properties, tags_by_key(json::find(answer, "Tags")));
  return compared(provider.properties, real, {"ClientIdList", "ThumbprintList", "Tags"});
}

}  // namespace

ResourceType iam_oidc_provider() {
  constexpr auto kInPlace = OnChange::kInPlace;
  return {.name = "AWS::IAM::OIDCProvider",
          .properties = {{"Url", true, OnChange::kReplace},
                         {"ClientIdList", false, kInPlace},
                         {"ThumbprintList", false, kInPlace},
                         {"Tags", false, kInPlace}},
          .attributes = {"Arn"},
          .create = create,
          .remove = remove,
          .update = update,
          .read = read};
}

}  // namespace stator::cloudformation::resources
