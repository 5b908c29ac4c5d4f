# cmake -DBUILD=… -DCOMPILER=… -DPROJECT=… -DWORK=… -P installed.cmake
# Installs the SDK of BUILD and builds PROJECT with nothing but that: a function, its zip, its local twin,
# a single file, a layer; and runs what can run here.
function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE failed OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(failed)
    message(FATAL_ERROR "${ARGN}:\n${output}")
  endif()
endfunction()
file(REMOVE_RECURSE ${WORK})
file(MAKE_DIRECTORY ${WORK})
run(${CMAKE_COMMAND} --build ${BUILD} --target stator_sdk stator_sdk_single stator_sdk_throw)
run(${CMAKE_COMMAND} --install ${BUILD} --component sdk --prefix ${WORK}/sdk)
run(${CMAKE_COMMAND} -S ${PROJECT} -B ${WORK}/build -DCMAKE_CXX_COMPILER=${COMPILER}
  -DCMAKE_BUILD_TYPE=Release -DCMAKE_PREFIX_PATH=${WORK}/sdk)
run(${CMAKE_COMMAND} --build ${WORK}/build --target all hello_zip layer_zip hello_local)
foreach(file IN ITEMS hello/bootstrap hello.debug hello.zip layer/lib/libstator_sdk.so.1 layer.zip)
  if(NOT EXISTS ${WORK}/build/${file})
    message(FATAL_ERROR "${file} was not made")
  endif()
endforeach()
file(WRITE ${WORK}/event.json [[{"name": "you"}]])
foreach(program IN ITEMS hello_local alone/bootstrap)
  execute_process(COMMAND ${CMAKE_COMMAND} -E env --unset=AWS_LAMBDA_RUNTIME_API
      ${WORK}/build/${program} --event ${WORK}/event.json
    OUTPUT_VARIABLE answer RESULT_VARIABLE failed)
  if(failed OR NOT answer STREQUAL "{\"text\":\"hello you\"}\n")
    message(FATAL_ERROR "${program} answered ${answer}")
  endif()
endforeach()
