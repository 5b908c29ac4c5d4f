#include "dynamodb/housekeeping.hpp"

#include "dynamodb/index_work.hpp"
#include "dynamodb/streams/lifecycle.hpp"
#include "dynamodb/transaction_token.hpp"
#include "dynamodb/ttl_sweeper.hpp"

namespace stator::dynamodb {

void keep_house(Tables& tables) {
  keep_indexes(tables);
  streams::keep_streams(tables);
  keep_expiring(tables);
  keep_tokens(tables);
}

}  // namespace stator::dynamodb
