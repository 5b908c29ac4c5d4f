#include "cloudformation/resources/iam.hpp"
#include "cloudformation/resources/resources.hpp"
#include "cloudformation/resources/shared.hpp"

/// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-accesskey.html
namespace stator::cloudformation::resources {
namespace {

using namespace iam;

Result<void> set_status(ResourceContext& context, const json::Object& properties,
                        const std::string& id, const std::string& status) {
  STATOR_TRY_VOID(context.api.call(
      kService, "UpdateAccessKey",
      {{"UserName", text_of(properties, "UserName")}, {"AccessKeyId", id}, {"Status", status}}));
  return {};
}

Result<void> create(ResourceContext& context, const json::Object& properties) {
  STATOR_TRY(const json::Object made,
             context.api.call(kService, "CreateAccessKey", picked(properties, {"UserName"})));
  STATOR_TRY(const json::Object key, object_in(made, "CreateAccessKey", "AccessKey"));
  const std::string id = text_of(key, "AccessKeyId");
  STATOR_TRY_VOID(context.exists(
      {id, {{"Id", id}, {"SecretAccessKey", text_of(key, "SecretAccessKey")}}, properties}));
  const std::string status = text_of(properties, "Status");
  return status.empty() ? Result<void>() : set_status(context, properties, id, status);
}

Result<void> update(ResourceContext& context, const Existing& key, const json::Object& properties) {
  const std::string status = text_of(properties, "Status");
  STATOR_TRY_VOID(
      set_status(context, properties, key.physical_id, status.empty() ? "Active" : status));
  return context.exists({key.physical_id, key.attributes, properties});
}

Result<void> remove(ResourceContext& context, const Existing& key) {
  return gone(context.api.call(
      kService, "DeleteAccessKey",
      {{"UserName", text_of(key.properties, "UserName")}, {"AccessKeyId", key.physical_id}}));
}

Result<json::Object> read(ResourceContext& context, const Existing& key) {
  STATOR_TRY(const json::Object answer,
             context.api.call(kService, "ListAccessKeys", picked(key.properties, {"UserName"})));
  const json::Value* list = json::find(answer, "AccessKeyMetadata");
  if (list != nullptr && list->is_array()) {
    for (const json::Value& one : list->get_array()) {
      if (one.is_object() && text_of(one.get_object(), "AccessKeyId") == key.physical_id) {
        return compared(key.properties, one.get_object(), {"UserName", "Status"});
      }
    }
  }
  return not_found("The access key " + key.physical_id + " is gone");
}

}  // namespace

ResourceType iam_access_key() {
  return {.name = "AWS::IAM::AccessKey",
          .properties = {{"UserName", true, OnChange::kReplace},
                         {"Serial", false, OnChange::kReplace},
                         {"Status", false, OnChange::kInPlace}},
          .attributes = {"Id", "SecretAccessKey"},
          .capability = "CAPABILITY_IAM",
          .create = create,
          .remove = remove,
          .update = update,
          .read = read};
}

}  // namespace stator::cloudformation::resources
