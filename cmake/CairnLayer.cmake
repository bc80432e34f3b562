# cairn_layer(name [ON layer] [USES public-lib...] [HIDES private-lib...])
# One static library cairn::<name> from src/<name>/*.cpp with its headers in include/cairn/<name>.
function(cairn_layer name)
  cmake_parse_arguments(arg "" "ON" "USES;HIDES" ${ARGN})
  set(target cairn_${name})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/${name}/*.cpp)
  add_library(${target} STATIC ${sources})
  add_library(cairn::${name} ALIAS ${target})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${name} POSITION_INDEPENDENT_CODE ON)
  target_include_directories(${target}
    PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:include>
    PRIVATE ${PROJECT_SOURCE_DIR}/src)
  if(arg_ON)
    target_link_libraries(${target} PUBLIC cairn_${arg_ON})
  else()
    target_link_libraries(${target} PUBLIC cairn_options)
  endif()
  target_link_libraries(${target} PUBLIC ${arg_USES} PRIVATE ${arg_HIDES} $<BUILD_INTERFACE:cairn_warnings>)
  cairn_precompile(${target})
endfunction()

# Every target shares the one precompiled Asio header of cairn_core.
function(cairn_precompile target)
  if(target STREQUAL "cairn_core")
    target_precompile_headers(${target} PRIVATE ${PROJECT_SOURCE_DIR}/src/precompiled.hpp)
  else()
    target_precompile_headers(${target} REUSE_FROM cairn_core)
  endif()
endfunction()
