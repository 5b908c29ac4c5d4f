#include "ecr/repositories.hpp"

#include <utility>

#include "aws/arn.hpp"
#include "ecr/errors.hpp"
#include "iam/compiled.hpp"
#include "json/json.hpp"
#include "storage/key.hpp"

namespace stator::ecr {
namespace {

using storage::Batch;
using storage::Family;

std::string prefix_of(std::string_view account, std::string_view region) {
  return storage::path_key({account, region, "ecr", "repository"});
}

std::string key_of(const RepositoryName& name) {
  return storage::path_key({name.account, name.region, "ecr", "repository", name.name});
}

std::string dump(const Repository& repository) {
  json::Object tags;
  for (const auto& [key, value] : repository.tags) tags[key] = value;
  return json::dump(json::Object{{"created", repository.created_ms},
                                 {"tag_mutability", repository.tag_mutability},
                                 {"is_scanned_on_push", repository.is_scanned_on_push},
                                 {"lifecycle_policy", repository.lifecycle_policy},
                                 {"policy", repository.policy},
                                 {"tags", std::move(tags)}});
}

Result<Repository> parse(std::string name, std::string_view record) {
  STATOR_TRY(const auto json, json::parse_object(record));
  const auto created = json::find_int(json, "created");
  const auto mutability = json::find_string(json, "tag_mutability");
  const auto* tags = json::find(json, "tags");
  if (!created || !mutability || tags == nullptr || !tags->is_object()) {
    return internal("ecr: damaged repository record");
  }
  Repository repository{std::move(name), *created, *mutability};
  repository.is_scanned_on_push = json::find_bool(json, "is_scanned_on_push").value_or(false);
  repository.lifecycle_policy = json::find_string(json, "lifecycle_policy").value_or("");
  repository.policy = json::find_string(json, "policy").value_or("");
  for (const auto& [key, value] : tags->get_object()) {
    if (value.is_string()) repository.tags[std::string(key)] = json::view(value.get_string());
  }
  return repository;
}

}  // namespace

Result<void> Repositories::create(const RepositoryName& name, const Repository& repository) {
  const std::lock_guard lock(mutex_);
  STATOR_TRY(const auto record, store_.get(Family::kMeta, key_of(name)));
  if (record) {
    return ecr_error(ErrorCode::kConflict, "RepositoryAlreadyExistsException",
                     "The repository with name '" + name.name +
                         "' already exists in the registry with id '" + name.account + "'");
  }
  std::size_t count = 0;
  STATOR_TRY_VOID(walk(name.account, name.region, "",
                       [&count](const Repository&) { return ++count < kRepositoriesMax; }));
  if (count >= kRepositoriesMax) {
    return ecr_error(ErrorCode::kInvalid, "LimitExceededException",
                     "A registry has at most 10000 repositories");
  }
  Batch batch;
  batch.put(Family::kMeta, key_of(name), dump(repository));
  STATOR_TRY([[maybe_unused]] const auto sequence, store_.write(std::move(batch)));
  return {};
}

Result<Repository> Repositories::find(const RepositoryName& name) const {
  STATOR_TRY(const auto record, store_.get(Family::kMeta, key_of(name)));
  if (!record) return no_such_repository(name.name, name.account);
  return parse(name.name, *record);
}

Result<Repository> Repositories::remove(const RepositoryName& name) {
  const std::lock_guard lock(mutex_);
  STATOR_TRY(auto repository, find(name));
  Batch batch;
  batch.erase(Family::kMeta, key_of(name));
  STATOR_TRY([[maybe_unused]] const auto sequence, store_.write(std::move(batch)));
  return repository;
}

Result<Repository> Repositories::update(const RepositoryName& name,
                                        const std::function<Result<void>(Repository&)>& change) {
  const std::lock_guard lock(mutex_);
  STATOR_TRY(auto repository, find(name));
  STATOR_TRY_VOID(change(repository));
  Batch batch;
  batch.put(Family::kMeta, key_of(name), dump(repository));
  STATOR_TRY([[maybe_unused]] const auto sequence, store_.write(std::move(batch)));
  return repository;
}

Result<void> Repositories::walk(std::string_view account, std::string_view region,
                                std::string_view after,
                                const std::function<bool(const Repository&)>& visit) const {
  const auto records =
      store_.iterate(Family::kMeta, storage::prefix_range(prefix_of(account, region)));
  records->seek_first();
  if (!after.empty()) {
    const auto last = key_of({std::string(account), std::string(region), std::string(after)});
    records->seek(last);
    if (records->valid() && records->key() == last) records->next();
  }
  for (; records->valid(); records->next()) {
    auto parts = storage::split_path_key(records->key());
    STATOR_CHECK(parts && !parts->empty());
    STATOR_TRY(const auto repository, parse(std::move(parts->back()), records->value()));
    if (!visit(repository)) break;
  }
  return records->status();
}

std::string repository_arn(const RepositoryName& name) {
  return aws::make_arn("ecr", name.region, name.account, "repository/" + name.name);
}

Result<std::shared_ptr<const aws::ResourcePolicy>> compile_policy(std::string_view document) {
  const auto refused = [](const std::string& why) {
    return invalid_parameter("Invalid parameter at 'PolicyText' failed to satisfy constraint: " +
                             why);
  };
  auto json = json::parse_object(document);
  if (!json) return refused(json.error().message);
  json::Value* statements = json->if_contains("Statement");
  if (statements != nullptr && statements->is_object()) {
    json::Array list;
    list.push_back(*statements);
    *statements = std::move(list);
  }
  if (statements == nullptr || !statements->is_array()) return refused("it has no Statement");
  for (auto& statement : statements->get_array()) {
    if (!statement.is_object()) return refused("a Statement must be an object");
    if (statement.get_object().contains("Resource") ||
        statement.get_object().contains("NotResource")) {
      return refused("a repository's policy has no Resource");
    }
    statement.get_object()["Resource"] = "*";
  }
  auto compiled = iam::compile_resource_policy(json::dump(*json));
  if (!compiled) return refused(compiled.error().message);
  return compiled;
}

}  // namespace stator::ecr
