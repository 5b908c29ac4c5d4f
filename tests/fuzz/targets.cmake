# Every fuzz target and the rooms that it links; the test suite runs each for a few seconds.
stator_fuzz(template cloudformation)
stator_fuzz(sigv4 aws)
stator_fuzz(query aws)
stator_fuzz(policy iam)
stator_fuzz(http http)
stator_fuzz(dynamodb_json dynamodb)
stator_fuzz(expression dynamodb)
stator_fuzz(transaction dynamodb)
