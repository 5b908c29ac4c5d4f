#pragma once

#include <map>

#include "dynamodb/recovery/artifacts.hpp"

namespace stator::dynamodb::recovery {

/// Buckets in memory. A bucket that was not made does not exist.
class MemoryArtifacts final : public Artifacts {
 public:
  using Objects = std::map<std::string, std::string>;

  Result<void> put(const ArtifactName& name, std::string bytes) override {
    STATOR_TRY(Objects * bucket, find(name.bucket));
    (*bucket)[name.key] = std::move(bytes);
    return {};
  }
  Result<std::string> get(const ArtifactName& name) override {
    STATOR_TRY(Objects * bucket, find(name.bucket));
    const auto object = bucket->find(name.key);
    if (object == bucket->end()) {
      return Error{ErrorCode::kNotFound, "The specified key does not exist.", "NoSuchKey"};
    }
    return object->second;
  }
  Result<std::vector<std::string>> list(const ArtifactName& after,
                                        std::string_view prefix) override {
    STATOR_TRY(Objects * bucket, find(after.bucket));
    std::vector<std::string> keys;
    for (auto object = bucket->upper_bound(after.key); object != bucket->end(); ++object) {
      if (object->first.starts_with(prefix)) keys.push_back(object->first);
    }
    return keys;
  }

  std::map<std::string, Objects> buckets;

 private:
  Result<Objects*> find(const std::string& name) {
    const auto bucket = buckets.find(name);
    if (bucket == buckets.end()) {
      return Error{ErrorCode::kNotFound, "The specified bucket does not exist", "NoSuchBucket"};
    }
    return &bucket->second;
  }
};

}  // namespace stator::dynamodb::recovery
