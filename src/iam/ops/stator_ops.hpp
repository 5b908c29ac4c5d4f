#pragma once

#include "aws/operation.hpp"
#include "iam/identity.hpp"

/// The operations of stator's own service, which is JSON 1.1 like any other and asks for
/// permissions like any other: stator:Explain on "*", stator:SuggestPolicy on the role.
namespace stator::iam::ops {

aws::Operation explain(Identity& identity, FindRecord find_record);
aws::Operation suggest_policy(Identity& identity);

}  // namespace stator::iam::ops
